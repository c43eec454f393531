import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { hangUpSignal } from "./hang-up.ts";

/** A request that is being answered for as long as the test likes. */
async function openRequest(stopping: AbortSignal) {
  const caller = new AbortController();
  const { promise: signal, resolve } = Promise.withResolvers<AbortSignal>();
  const server = createServer((_req, res) => resolve(hangUpSignal(res, stopping)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { signal: caller.signal });
  const ended = answer.then(
    () => undefined,
    () => undefined,
  );
  return {
    caller,
    signal: await signal,
    async [Symbol.asyncDispose]() {
      caller.abort();
      await ended;
      await new Promise((closed) => server.close(closed));
    },
  };
}

describe("hangUpSignal", () => {
  test("is aborted when the caller goes away", async () => {
    await using request = await openRequest(new AbortController().signal);
    expect(request.signal.aborted).toBe(false);
    const aborted = once(request.signal, "abort");
    request.caller.abort();
    await aborted;
    expect(request.signal.reason).toMatchObject({ code: "unavailable" });
  });

  test("is aborted when the server stops, for its reason", async () => {
    const stopping = new AbortController();
    await using request = await openRequest(stopping.signal);
    stopping.abort("good night");
    expect(request.signal).toMatchObject({ aborted: true, reason: "good night" });
  });

  test("is aborted from the start when the server is stopping already", async () => {
    await using request = await openRequest(AbortSignal.abort("good night"));
    expect(request.signal).toMatchObject({ aborted: true, reason: "good night" });
  });
});
