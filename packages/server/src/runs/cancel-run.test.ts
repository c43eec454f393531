import { workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { getApproval } from "../store/approvals-table.ts";
import { listEvents } from "../store/events-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { ana, bo, decide, gateOf, reaches, startTestNode } from "./test-runs.ts";

const admin = { ...bo, id: "cy", role: "admin" as const };

const asking = workflow("asking", { version: 1 }, async (run) => {
  const reviews = await Promise.all([run.approval("one", { title: "One?" }), run.approval("two", { title: "Two?" })]);
  await run.step("act", () => acted.push(run.id));
  return reviews.length;
});
const acted: string[] = [];

describe.each(testDatabases)("cancelling on $name", (kind) => {
  test("cancelling a run withdraws what it asks, and it does nothing more", async () => {
    await using node = await startTestNode({ workflows: [asking] }, kind);
    const run = await node.runs.start(ana, { workflow: "asking", input: null });
    const waiting = await reaches(node, run, "waiting");
    const cancelled = await node.runs.cancel(ana, run.id, { reason: "Not needed" });
    expect(cancelled.status).toBe("cancelled");
    for (const gate of ["one", "two"]) {
      const approval = await getApproval(node.store.reader, "default", gateOf(waiting, gate).approvalId);
      expect(approval).toMatchObject({ status: "cancelled", outcome: { reason: "Not needed" } });
    }
    const events = await listEvents(node.store.reader, "default", { limit: 100 });
    expect(events.map(({ type }) => type).slice(3)).toEqual([
      "run.cancelled",
      "approval.resolved",
      "approval.resolved",
    ]);
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ status: "cancelled" });
    expect(acted).not.toContain(run.id);
  });

  test("a cancel and the last decision at once leave one of them the winner", async () => {
    const last = workflow("last", { version: 1 }, async (run) => (await run.approval("ask", { title: "?" })).status);
    await using node = await startTestNode({ workflows: [last] }, kind);
    for (let round = 0; round < 10; round++) {
      const run = await node.runs.start(ana, { workflow: "last", input: null });
      const waiting = await reaches(node, run, "waiting");
      const both = await Promise.allSettled([
        decide(node, waiting, "ask", { approved: true }),
        node.runs.cancel(ana, run.id),
      ]);
      const ended = await node.runs.wait(ana, run.id);
      const approval = await getApproval(node.store.reader, "default", gateOf(waiting, "ask").approvalId);
      expect([ended.status, approval?.status]).toBeOneOf([
        ["completed", "approved"],
        ["cancelled", "approved"],
        ["cancelled", "cancelled"],
      ]);
      expect(both[0].status).toBe(approval?.status === "approved" ? "fulfilled" : "rejected");
      expect(both[1].status).toBe(ended.status === "cancelled" ? "fulfilled" : "rejected");
    }
  });
});

test("a step that executes when its run is cancelled is told, and what it returns is not recorded", async () => {
  const told = Promise.withResolvers<void>();
  const slow = workflow("slow", { version: 1 }, async (run) => {
    await run.step(
      "work",
      ({ signal }) =>
        new Promise<string>((resolve) =>
          signal.addEventListener("abort", () => {
            told.resolve();
            resolve("too late");
          }),
        ),
    );
  });
  await using node = await startTestNode({ workflows: [slow] });
  const run = await node.runs.start(ana, { workflow: "slow", input: null });
  await reaches(node, run, ({ steps }) => steps?.[0]?.status === "running");
  await node.runs.cancel(ana, run.id);
  await told.promise;
  // Writes are made in order, so this one comes after what the step might have written.
  await node.runs.cancel(ana, (await node.runs.start(ana, { workflow: "slow", input: null })).id);
  expect(await node.runs.get(ana, run.id)).toMatchObject({ status: "cancelled", steps: [{ status: "running" }] });
});

test("a run that sleeps is not woken once it is cancelled", async () => {
  const clock = createTestClock();
  const woken: string[] = [];
  const sleepy = workflow("sleepy", { version: 1 }, async (run) => {
    await run.sleep("nap", "1h");
    await run.step("wake", () => void woken.push(run.id));
  });
  await using node = await startTestNode({ workflows: [sleepy], clock });
  const run = await node.runs.start(ana, { workflow: "sleepy", input: null });
  await reaches(node, run, "waiting");
  const other = await node.runs.start(ana, { workflow: "sleepy", input: null });
  await reaches(node, other, "waiting");
  await node.runs.cancel(ana, run.id);
  clock.advance(3_600_000);
  await reaches(node, other, "completed");
  expect(woken).toEqual([other.id]);
});

test("who doesn't see a run can't cancel it, an admin can, and an auditor only looks", async () => {
  await using node = await startTestNode({ workflows: [asking] });
  const run = await node.runs.start(ana, { workflow: "asking", input: null });
  await expect(node.runs.cancel(bo, run.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(node.runs.cancel({ ...admin, tenantId: "other" }, run.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(node.runs.cancel({ ...bo, role: "auditor" }, run.id)).rejects.toMatchObject({ code: "forbidden" });
  expect(await node.runs.cancel(admin, run.id)).toMatchObject({ status: "cancelled" });
});

test("cancelling twice changes nothing, and a run that has completed can't be cancelled", async () => {
  const quick = workflow("quick", { version: 1 }, async () => 1);
  await using node = await startTestNode({ workflows: [asking, quick] });
  const run = await node.runs.start(ana, { workflow: "asking", input: null });
  const first = await node.runs.cancel(ana, run.id);
  expect((await node.runs.cancel(ana, run.id)).updatedAt).toBe(first.updatedAt);
  const done = await node.runs.start(ana, { workflow: "quick", input: null });
  await node.runs.wait(ana, done.id);
  await expect(node.runs.cancel(ana, done.id)).rejects.toMatchObject({ code: "already_resolved" });
});

test("a run that ends while it still asks withdraws that too", async () => {
  const first = workflow("first", { version: 1 }, async (run) =>
    Promise.race([run.approval("one", { title: "One?" }), run.approval("two", { title: "Two?" })]),
  );
  await using node = await startTestNode({ workflows: [first] });
  const run = await node.runs.start(ana, { workflow: "first", input: null });
  const waiting = await reaches(node, run, "waiting");
  await decide(node, waiting, "two", { approved: true });
  await node.runs.wait(ana, run.id);
  const loser = await getApproval(node.store.reader, "default", gateOf(waiting, "one").approvalId);
  expect(loser).toMatchObject({ status: "cancelled", outcome: { reason: "The run has completed." } });
});
