import { type Duration, durationMs, HoldpointError, type Role, type Viewer } from "@holdpoint/core";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { type Clock, systemClock } from "../clock.ts";
import type { Authenticate } from "./authenticate.ts";

/** What {@link sessionTokens} takes. */
export interface SessionTokenOptions {
  /** At least 32 bytes, shared by everything that issues or accepts the tokens. */
  secret: string;
  clock?: Clock;
}

/** Who a token is for. */
export interface SessionTokenClaims {
  /** The viewer's id. */
  sub: string;
  name?: string;
  /** Default `default`. */
  tenant?: string;
  groups?: string[];
  /** Default `reviewer`. */
  role?: Role;
  /** How long the token holds; default `12h`. */
  expiresIn?: Duration;
}

/** Issues and accepts session tokens. */
export interface SessionTokens {
  issue(claims: SessionTokenClaims): Promise<string>;
  readonly authenticate: Authenticate;
}

const secretBytes = 32;
const cachedTokens = 10_000;

/** The last second that a date can hold. */
const latestSecond = 8_640_000_000_000;

const claimsSchema = z.object({
  sub: z.string().min(1).max(200),
  name: z.string().max(200).optional(),
  tenant: z.string().min(1).max(200).default("default"),
  groups: z.array(z.string().min(1).max(200)).default([]),
  role: z.enum(["reviewer", "requester", "auditor", "admin"]).default("reviewer"),
  exp: z.number().int().max(latestSecond),
});

/**
 * Session tokens: JWTs signed with HMAC-SHA-256, with the claims `sub name tenant groups role exp`. Any JWT library can
 * issue them too.
 *
 * @throws {HoldpointError} `invalid_request` when the secret is shorter than 32 bytes
 */
export function sessionTokens(options: SessionTokenOptions): SessionTokens {
  const clock = options.clock ?? systemClock;
  const key = new TextEncoder().encode(options.secret);
  if (key.length < secretBytes) {
    throw new HoldpointError(
      "invalid_request",
      `The secret of session tokens has ${key.length} bytes and needs at least ${secretBytes}; make one with: openssl rand -base64 32`,
    );
  }
  const verified = new LRUCache<string, Viewer>({ max: cachedTokens });

  return {
    issue({ sub, name, tenant, groups, role, expiresIn = "12h" }) {
      const issuedAt = Math.floor(clock.now() / 1000);
      return new SignJWT({ name, tenant, groups, role })
        .setProtectedHeader({ alg: "HS256", typ: "JWT" })
        .setSubject(sub)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + Math.max(1, Math.round(durationMs(expiresIn) / 1000)))
        .sign(key);
    },
    async authenticate({ token }) {
      if (token === undefined) return null;
      const known = verified.get(token);
      if (known && Date.parse(known.expiresAt ?? "") > clock.now()) return known;
      verified.delete(token);
      const viewer = await verify(token, key, clock);
      if (viewer) verified.set(token, viewer);
      return viewer;
    },
  };
}

/** The viewer a token names; null when it isn't a token signed with this key. */
async function verify(token: string, key: Uint8Array, clock: Clock): Promise<Viewer | null> {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ["HS256"], currentDate: new Date(clock.now()) });
    return toViewer(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new HoldpointError("unauthenticated", `The token expired${at(error.payload)}; sign in again.`);
    }
    if (error instanceof errors.JWTClaimValidationFailed) {
      throw new HoldpointError("unauthenticated", `The token is refused: ${error.message}.`);
    }
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function toViewer(payload: JWTPayload): Viewer {
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) {
    const [issue] = claims.error.issues;
    throw new HoldpointError("unauthenticated", `The token's claim "${issue?.path.join(".")}": ${issue?.message}.`);
  }
  const { sub, name, tenant, groups, role, exp } = claims.data;
  return { id: sub, name, tenantId: tenant, groups, role, expiresAt: new Date(exp * 1000).toISOString() };
}

function at({ exp }: JWTPayload): string {
  return exp === undefined ? "" : ` at ${new Date(exp * 1000).toISOString()}`;
}
