import { durationMs, type Viewer } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { startTestNode } from "../runs/test-runs.ts";
import { getApproval } from "../store/approvals-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { ask, storyOf } from "./test-time.ts";

const hour = durationMs("1h");
const reviewer = (id: string): Viewer => ({ id, tenantId: "default", groups: [], role: "reviewer" });
const approve = { approved: true } as const;
const tooLate = { code: "already_resolved", details: { outcome: { status: "timed_out" } } };

/** A node whose timers never strike. */
async function startUntimed(kind: (typeof testDatabases)[number]) {
  const clock = createTestClock();
  const node = await startTestNode({ workflows: [], clock }, kind);
  await node.deadlines.stop();
  return { clock, node, [Symbol.asyncDispose]: () => node[Symbol.asyncDispose]() };
}

describe.each(testDatabases)("before the timer strikes, a decision on $name", (kind) => {
  test.each([
    ["time_out", false],
    ["approve", true],
    ["reject", false],
  ] as const)(
    "at the deadline is too late, and with onTimeout %s the approval ends so",
    async (onTimeout, approved) => {
      await using untimed = await startUntimed(kind);
      const { clock, node } = untimed;
      const { id } = await ask(node, { title: "?", timeout: "1h", onTimeout });
      clock.advance(hour);
      const late = () => respond(node.ctx, reviewer("ana"), id, approve, { idempotencyKey: "k" });
      await expect(late()).rejects.toMatchObject(tooLate);
      await expect(late()).rejects.toMatchObject(tooLate);
      const ended = await getApproval(node.store.reader, "default", id);
      expect(ended).toMatchObject({ status: "timed_out", outcome: { approved } });
      expect(ended?.decisions.map(({ via }) => via)).toEqual(onTimeout === "time_out" ? [] : ["timeout"]);
    },
  );

  test("a moment before the deadline counts, and repeating it later gives what is stored", async () => {
    await using untimed = await startUntimed(kind);
    const { clock, node } = untimed;
    const ladder = [{ after: "30m", escalate: { users: ["cy"] } }];
    const request = { title: "?", timeout: "1h", reviewers: { users: ["ana", "bo"], quorum: 2 }, ladder };
    const { id } = await ask(node, request);
    clock.advance(hour - 1);
    const byAna = () => respond(node.ctx, reviewer("ana"), id, approve, { idempotencyKey: "k" });
    expect((await byAna()).status).toBe("pending");
    clock.advance(1);
    expect((await byAna()).decisions).toHaveLength(1);
    await expect(respond(node.ctx, reviewer("bo"), id, approve)).rejects.toMatchObject(tooLate);
    expect((await byAna()).status).toBe("timed_out");
    expect(await storyOf(node, id)).toEqual(["requested", "decision.recorded", "escalated", "resolved"]);
  });
});
