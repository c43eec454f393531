import type { Socket as NetSocket } from "node:net";
import { expect, test } from "vitest";
import { startTestHoldpoint } from "../testing.ts";
import { connectViewer, type TestViewer } from "./test-viewer.ts";

/** The TCP socket under a test's connection. */
function wireOf({ socket }: TestViewer): NetSocket {
  const { ws } = socket.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
  return ws._socket;
}

test("a client that stops reading is left out, told so when it reads again, and then catches up", async () => {
  await using holdpoint = await startTestHoldpoint();
  using slow = await connectViewer(holdpoint, "slow");
  using quick = await connectViewer(holdpoint, "quick");
  await Promise.all([slow.subscribe(), quick.subscribe()]);
  wireOf(slow).pause();
  const content = Array.from({ length: 10 }, () => ({ type: "text" as const, text: "x".repeat(20_000) }));
  for (let i = 0; i < 150; i++) await holdpoint.holdpoint.approvals.request({ title: `Refund ${i}`, content });
  await expect.poll(() => quick.titles().length).toBe(150);
  wireOf(slow).resume();
  await expect.poll(() => slow.notices).toEqual(["stale"]);
  expect(slow.titles().length).toBeLessThan(150);
  const answer = await slow.subscribe();
  expect("snapshot" in answer && answer.snapshot.counts.pending).toBe(150);
  await holdpoint.request({ title: "After it caught up" });
  await expect.poll(() => slow.titles().at(-1)).toBe("After it caught up");
});
