import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { withAnySignal } from "./any-signal.ts";

test("work is told by the first signal, and with its reason", async () => {
  const [stopping, given] = [new AbortController(), new AbortController()];
  const told = withAnySignal([stopping.signal, undefined, given.signal], async (signal) => {
    given.abort(new Error("given up"));
    stopping.abort(new Error("stopping"));
    return signal.reason as Error;
  });
  expect((await told).message).toBe("given up");
  const late = withAnySignal([given.signal], async (signal) => signal.aborted);
  expect(await late).toBe(true);
});

test("nothing is left on the signals once the work has ended, also when it listens on", async () => {
  const stopping = new AbortController();
  await withAnySignal([stopping.signal], async (signal) => signal.addEventListener("abort", () => undefined));
  await expect(withAnySignal([stopping.signal], () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(getEventListeners(stopping.signal, "abort")).toEqual([]);
});
