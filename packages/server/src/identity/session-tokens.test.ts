import { SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import { type SessionTokenOptions, sessionTokens } from "./session-tokens.ts";

const secret = "0123456789abcdef0123456789abcdef";
const noon = Date.parse("2026-11-20T12:00:00.000Z");

/** A clock that moves when told. */
function settableClock(start: number): Clock & { time: number } {
  return {
    time: start,
    now() {
      return this.time;
    },
    after: () => () => undefined,
  };
}

function tokens(options: Partial<SessionTokenOptions> = {}) {
  const clock = settableClock(noon);
  const made = sessionTokens({ secret, clock, ...options });
  return { clock, ...made, read: async (token: string) => made.authenticate({ headers: {}, token }) };
}

function sign(claims: Record<string, unknown>, alg = "HS256") {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret.repeat(2)));
}

describe("sessionTokens", () => {
  test("issues a token that names the viewer it was issued for", async () => {
    const { issue, read } = tokens();
    const token = await issue({ sub: "ana", name: "Ana", tenant: "acme", groups: ["legal"], role: "admin" });
    expect(await read(token)).toEqual({
      id: "ana",
      name: "Ana",
      tenantId: "acme",
      groups: ["legal"],
      role: "admin",
      expiresAt: "2026-11-21T00:00:00.000Z",
    });
  });

  test("takes a token with nothing but sub and exp for a reviewer of the default tenant", async () => {
    const { read } = tokens({ secret: secret.repeat(2) });
    const token = await sign({ sub: "ana", exp: noon / 1000 + 60 });
    expect(await read(token)).toMatchObject({ id: "ana", tenantId: "default", groups: [], role: "reviewer" });
  });

  test("says since when an expired token is expired, also one that it has accepted before", async () => {
    const { clock, issue, read } = tokens();
    const token = await issue({ sub: "ana", expiresIn: "1h" });
    await read(token);
    clock.time += 3_600_000;
    await expect(read(token)).rejects.toMatchObject({
      code: "unauthenticated",
      message: "The token expired at 2026-11-20T13:00:00.000Z; sign in again.",
    });
  });

  test("refuses a token that never expires", async () => {
    const { read } = tokens({ secret: secret.repeat(2) });
    await expect(read(await sign({ sub: "ana" }))).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining('"exp"'),
    });
  });

  test("names the claim that can't be used", async () => {
    const { read } = tokens({ secret: secret.repeat(2) });
    await expect(read(await sign({ sub: "ana", role: "god", exp: noon / 1000 + 60 }))).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining('"role"'),
    });
  });

  test("does not take tokens that are signed with another secret, another algorithm, or not at all", async () => {
    const { read } = tokens({ secret: secret.repeat(2) });
    const claims = { sub: "ana", exp: noon / 1000 + 60 };
    const unsigned = new UnsecuredJWT(claims).encode();
    const foreign = await tokens({ secret: "another secret that is long enough" }).issue({ sub: "ana" });
    for (const token of [unsigned, foreign, await sign(claims, "HS512"), "not a token", ""]) {
      expect(await read(token)).toBeNull();
    }
  });

  test("has no opinion about callers without a token", async () => {
    expect(await tokens().authenticate({ headers: {} })).toBeNull();
  });

  test("wants a secret of at least 32 bytes and says how to make one", () => {
    expect(() => sessionTokens({ secret: "too short" })).toThrow(/9 bytes.*at least 32.*openssl rand/);
  });
});
