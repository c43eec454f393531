import {
  type ApprovalTiming,
  type BusinessHours,
  durationMs,
  type GateTimeout,
  timeouts,
  workflow,
} from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { respond } from "../approvals/respond.ts";
import { connectViewer } from "../live/test-viewer.ts";
import { type RunsNode, startNode } from "../runs/test-node.ts";
import { ana, bo, eventually, gateOf, reaches, startTestNode } from "../runs/test-runs.ts";
import { getApproval } from "../store/approvals-table.ts";
import { eventsOfApproval } from "../store/events-table.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { createTestClock, type TestClock } from "../test-clock.ts";
import { createManualClock, startTestHoldpoint } from "../testing.ts";
import { ask, completes, looked, storyOf } from "./test-time.ts";

const day = durationMs("1d");
const hour = durationMs("1h");
const cy = { ...bo, id: "cy", name: "Cy" };

const asking = workflow("asking", { version: 1 }, async (run, timing: ApprovalTiming) => {
  const { status, approved, escalated } = await run.approval("ask", {
    title: "Send?",
    reviewers: { users: ["bo"] },
    channels: ["ops"],
    ...timing,
  });
  return { status, approved, escalated };
});

describe.each(testDatabases)("when nobody answers on $name", (kind) => {
  const start = async (timing: ApprovalTiming) => {
    const clock = createTestClock();
    const channels = { ops: { send: async () => ({}) } };
    const node = await startTestNode({ workflows: [asking], clock, outbox: { channels } }, kind);
    const run = await node.runs.start(ana, { workflow: "asking", input: timing as never });
    const { approvalId } = gateOf(await reaches(node, run, "waiting"), "ask");
    return { clock, node, run, approvalId };
  };

  test("A8: auto-reject takes silence for a no", async () => {
    const { clock, node, run } = await start(timeouts.autoReject("24h"));
    await using _ = node;
    clock.advance(day);
    const output = { status: "timed_out", approved: false, escalated: false };
    expect(await completes(node, run, clock)).toMatchObject({ output });
  });

  test("A8: auto-approve takes silence for a yes", async () => {
    const { clock, node, run } = await start(timeouts.autoApprove("24h"));
    await using _ = node;
    clock.advance(day);
    const output = { status: "timed_out", approved: true, escalated: false };
    expect(await completes(node, run, clock)).toMatchObject({ output });
  });

  test("A8: escalate asks another reviewer, who has a wait of their own", async () => {
    const { clock, node, run, approvalId } = await start(timeouts.escalate("24h", { users: ["cy"] }));
    await using _ = node;
    await expect(respond(node.ctx, cy, approvalId, { approved: true })).rejects.toMatchObject({ code: "not_found" });
    clock.advance(day);
    await happens(node, clock, approvalId, "escalated");
    await respond(node.ctx, cy, approvalId, { approved: true });
    const output = { status: "approved", approved: true, escalated: true };
    expect(await completes(node, run, clock)).toMatchObject({ output });
    expect(await told(node)).toEqual(["requested", "escalated", "resolved"]);
  });

  test("escalate times out when the second wait is over too", async () => {
    const { clock, node, run, approvalId } = await start(timeouts.escalate("24h", { users: ["cy"], wait: "2h" }));
    await using _ = node;
    clock.advance(day);
    await happens(node, clock, approvalId, "escalated");
    clock.advance(2 * hour);
    const output = { status: "timed_out", approved: false, escalated: true };
    expect(await completes(node, run, clock)).toMatchObject({ output });
  });

  test("A8: ask again tells the same people once more, with a new timeout", async () => {
    const { clock, node, run, approvalId } = await start(timeouts.askAgain("24h"));
    await using _ = node;
    clock.advance(day);
    await happens(node, clock, approvalId, "reminded");
    expect(await told(node)).toEqual(["requested", "reminded"]);
    clock.advance(day);
    const output = { status: "timed_out", approved: false, escalated: false };
    expect(await completes(node, run, clock)).toMatchObject({ output });
    expect(await storyOf(node, approvalId)).toEqual(["requested", "reminded", "resolved"]);
  });
});

describe("a workflow's defaults", () => {
  type Own = Omit<ApprovalTiming, "timeout"> & GateTimeout;
  const version = (defaults: ApprovalTiming) =>
    workflow("mail", { version: 1, defaults }, async (run, own: Own) => {
      const { status, approved } = await run.approval("ask", { title: "Send?", ...own });
      return { status, approved };
    });

  test("hold for its gates unless they say otherwise", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [version(timeouts.autoReject("1h"))], clock });
    const [usual, own] = await Promise.all([
      node.runs.start(ana, { workflow: "mail", input: {} }),
      node.runs.start(ana, { workflow: "mail", input: { timeout: "2h", onTimeout: "approve" } }),
    ]);
    await Promise.all([usual, own].map((run) => reaches(node, run, "waiting")));
    clock.advance(hour);
    expect(await completes(node, usual, clock)).toMatchObject({ output: { status: "timed_out", approved: false } });
    expect(await node.runs.get(ana, own.id)).toMatchObject({ status: "waiting" });
    clock.advance(hour);
    expect(await completes(node, own, clock)).toMatchObject({ output: { status: "timed_out", approved: true } });
  });

  test("let a gate wait for ever that says so", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [version(timeouts.autoReject("1h"))], clock });
    const run = await node.runs.start(ana, { workflow: "mail", input: { timeout: null } });
    const { approvalId } = gateOf(await reaches(node, run, "waiting"), "ask");
    clock.advance(400 * day);
    await looked(node, clock);
    await respond(node.ctx, bo, approvalId, { approved: true });
    expect(await completes(node, run, clock)).toMatchObject({ output: { status: "approved", approved: true } });
  });

  test("don't alter what waits when they change", async () => {
    const clock = createTestClock();
    await using database = await testDatabases[0]?.create();
    const location = () => database?.location() ?? "";
    const before = await startNode(location(), { workflows: [version(timeouts.autoReject("1h"))], clock });
    const run = await before.runs.start(ana, { workflow: "mail", input: {} });
    await reaches(before, run, "waiting");
    await before.stop();
    const after = await startNode(location(), { workflows: [version(timeouts.autoApprove("9h"))], clock });
    clock.advance(hour);
    expect(await completes(after, run, clock)).toMatchObject({ output: { status: "timed_out", approved: false } });
    await after.stop();
  });

  test("that can't be met are refused, naming the field", async () => {
    const workflows = [version({ ladder: [{ after: "2h", remind: true }], timeout: "1h" })];
    await expect(startTestNode({ workflows })).rejects.toThrow("ladder[0].after: must be before the timeout (1h)");
  });
});

test("what came due while the server was down: escalations in order, one reminder for all, then the timeout", async () => {
  const clock = createTestClock();
  await using database = await testDatabases[0]?.create();
  const location = () => database?.location() ?? "";
  const outbox = { channels: { ops: { send: async () => ({}) } } };
  const before = await startNode(location(), { workflows: [], clock, outbox });
  const ladder = [
    { after: "1h", remind: true as const },
    { after: "2h", escalate: { users: ["cy"] } },
    { after: "3h", remind: true as const },
    { after: "4h", escalate: { groups: ["leads"] } },
    { after: "5h", remind: true as const },
  ];
  const asked = { reviewers: { users: ["bo"] }, channels: ["ops"], ladder };
  const late = await ask(before, { title: "Late", ...asked, timeout: "9h" });
  const tooLate = await ask(before, { title: "Too late", ...asked, timeout: "6h" });
  await before.crash();
  clock.advance(6 * hour);
  const after = await startNode(location(), { workflows: [], clock, outbox });
  await happens(after, clock, tooLate.id, "resolved");
  await happens(after, clock, late.id, "reminded");
  expect(await storyOf(after, late.id)).toEqual(["requested", "escalated", "escalated", "reminded"]);
  expect(await storyOf(after, tooLate.id)).toEqual(["requested", "escalated", "escalated", "resolved"]);
  expect((await getApproval(after.store.reader, "default", tooLate.id))?.outcome).toMatchObject({ escalated: true });
  expect(await told(after, late.id)).toEqual(["requested", "escalated", "escalated", "reminded"]);
  expect(await told(after, tooLate.id)).toEqual(["requested", "resolved"]);
  await after.stop();
});

test("a rung comes at its time, not later, when the server is up", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [], clock });
  const { id, createdAt } = await ask(node, { title: "?", ladder: [{ after: "30m", remind: true }] });
  await looked(node, clock);
  clock.advance(Date.parse(createdAt) + hour / 2 - clock.now());
  const [, reminded] = await eventually(async () => {
    const events = await eventsOfApproval(node.store.reader, "default", id, { limit: 9 });
    return events.length > 1 && events;
  });
  expect(reminded?.at).toBe(new Date(Date.parse(createdAt) + hour / 2).toISOString());
});

const office: BusinessHours = { timeZone: "Europe/Berlin", days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" };

test.each<[what: string, businessHours: BusinessHours | undefined, after: string[]]>([
  ["400 days", undefined, ["1h", "30d", "200d", "400d"]],
  ["business hours, over both changes of daylight-saving time", office, ["2h", "200h", "800h", "2000h"]],
])(
  "a ladder of %s is climbed once, and never early, when the clock jumps about",
  async (_what, businessHours, after) => {
    const clock = createTestClock("2026-01-30T15:00:00.000Z");
    await using node = await startTestNode({ workflows: [], clock });
    const ladder = after.map((time, i) => ({ after: time, escalate: { users: [`user-${i}`] } }));
    const reviewers = { users: ["bo"] };
    const approval = await ask(node, { title: "?", reviewers, ladder, businessHours });
    const dueAt = approval.ladder.map(
      ({ at, after }) => at ?? new Date(Date.parse(approval.createdAt) + durationMs(after)).toISOString(),
    );
    let latest = clock.now();
    for (const step of [1, -9, 9, 30, 30, -60, 90, 100, -1, 1, 30, 140, -300, 350]) {
      clock.advance(step * day);
      await looked(node, clock);
      latest = Math.max(latest, clock.now());
      const events = await eventsOfApproval(node.store.reader, "default", approval.id, { limit: 9 });
      const escalations = events.filter(({ type }) => type === "approval.escalated");
      expect(escalations.length).toBe(dueAt.filter((at) => Date.parse(at) <= latest).length);
      for (const [i, { at }] of escalations.entries()) expect(at >= (dueAt[i] ?? "~")).toBe(true);
    }
    expect((await storyOf(node, approval.id)).length).toBe(5);
  },
);

describe.each(sharedTestDatabases)("two nodes on $name", (kind) => {
  test("climb a ladder that both see once", async () => {
    const clock = createTestClock();
    await using database = await kind.create();
    const nodes = await Promise.all([1, 2].map(() => startNode(database.location(), { workflows: [], clock })));
    const [one] = nodes as [RunsNode];
    const ladder = [
      { after: "1h", remind: true as const },
      { after: "2h", escalate: { users: ["cy"] } },
    ];
    const request = { title: "?", reviewers: { users: ["bo"] }, ladder, timeout: "3h" };
    const approvals = await Promise.all([1, 2, 3, 4, 5].map(() => ask(one, request)));
    for (const event of ["reminded", "escalated", "resolved"]) {
      clock.advance(hour);
      for (const { id } of approvals) await happens(one, clock, id, event);
    }
    await Promise.all(nodes.map((node) => node.stop()));
    const last = await startNode(database.location(), { workflows: [], clock });
    for (const { id } of approvals) {
      expect(await storyOf(last, id)).toEqual(["requested", "reminded", "escalated", "resolved"]);
    }
    await last.stop();
  });
});

test("reviewers who are added see it live, and those asked before still do", async () => {
  const clock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock });
  using boSees = await connectViewer(holdpoint, "bo");
  using cySees = await connectViewer(holdpoint, "cy");
  await Promise.all([boSees.subscribe(), cySees.subscribe()]);
  const ladder = [{ after: "10m", escalate: { users: ["cy"] } }];
  await holdpoint.request({ title: "Refund order 7", reviewers: { users: ["bo"] }, ladder });
  await expect.poll(() => boSees.titles()).toEqual(["Refund order 7"]);
  expect(cySees.titles()).toEqual([]);
  clock.advance(durationMs("10m"));
  const last = (viewer: typeof boSees) => viewer.frames.at(-1)?.changes.at(-1)?.type;
  await expect
    .poll(() => {
      clock.advance(100);
      return [last(boSees), last(cySees)];
    })
    .toEqual(["approval.escalated", "approval.escalated"]);
  expect(cySees.titles()).toEqual(["Refund order 7"]);
  expect(await holdpoint.as("cy").inbox()).toHaveLength(1);
});

/** Lets time go on, a tenth of a second at a look, until the log of an approval ends with an event. */
async function happens(node: RunsNode, clock: TestClock, id: string, event: string): Promise<void> {
  await eventually(async () => {
    clock.advance(100);
    return (await storyOf(node, id)).at(-1) === event;
  });
}

/** Why people were told of anything, or of one approval, in order. */
async function told(node: RunsNode, id?: string): Promise<string[]> {
  const query = node.store.reader.selectFrom("deliveries").select("cause").orderBy("id");
  const rows = await (id === undefined ? query : query.where("approval_id", "=", id)).execute();
  return rows.map(({ cause }) => cause);
}
