import { describe, expect, test } from "vitest";
import { approvalsConformance } from "../conformance.ts";
import { createIds } from "../ids.ts";
import { logEventHash, zeroHash } from "../log/log-hash.ts";
import type { Viewer } from "../viewer.ts";
import type { Change } from "../wire/live.ts";
import { createMemoryApprovals } from "./memory-approvals.ts";

const agent: Viewer = { id: "agent", tenantId: "acme", groups: [], role: "requester", kind: "service" };
const ana: Viewer = { id: "ana", name: "Ana", tenantId: "acme", groups: ["legal"], role: "reviewer" };
const bo: Viewer = { id: "bo", tenantId: "acme", groups: [], role: "reviewer" };

describe("approvals in memory, on the real clock", () => {
  const approvals = createMemoryApprovals({ viewer: agent });
  test.each(approvalsConformance)("$name", ({ run }) => run({ as: (viewer) => approvals.as(viewer) }));
});

describe("approvals in memory, on a clock that is moved", () => {
  let now = Date.parse("2026-11-20T12:00:00Z");
  const approvals = createMemoryApprovals({ viewer: agent, now: () => now });
  const advance = (ms: number) => {
    now += ms;
  };
  test.each(approvalsConformance)("$name", ({ run }) => run({ as: (viewer) => approvals.as(viewer), advance }));
});

test("a subscriber hears of what they can see, in the order of the log", async () => {
  const asks = createMemoryApprovals({ viewer: agent });
  const heard: Change[] = [];
  const stop = asks.as(ana).subscribe((change) => heard.push(change));
  await asks.request({ title: "For Bo", reviewers: { users: ["bo"] } });
  const { id } = await asks.request({ title: "For legal", reviewers: { groups: ["legal"] } });
  await asks.as(ana).respond(id, { approved: true });
  stop();
  await asks.request({ title: "Unheard" });
  expect(heard.map(({ seq, type, approval }) => [seq, type, approval.status])).toEqual([
    [2, "approval.requested", "pending"],
    [3, "decision.recorded", "approved"],
    [4, "approval.resolved", "approved"],
  ]);
});

test("a tick strikes what is due by the clock", async () => {
  let now = 0;
  const asks = createMemoryApprovals({ viewer: agent, now: () => now });
  await asks.request({ title: "Soon", timeout: "1h" });
  const heard: string[] = [];
  asks.subscribe(({ type }) => heard.push(type));
  now = 3_599_999;
  asks.tick();
  expect(heard).toEqual([]);
  now = 3_600_000;
  asks.tick();
  expect(heard).toEqual(["approval.resolved"]);
});

test("the history of an approval is a chain", async () => {
  const asks = createMemoryApprovals({ viewer: agent });
  const { id } = await asks.request({ title: "T" });
  await asks.as(ana).respond(id, { approved: false });
  const events = await asks.events(id);
  expect(events.map(({ seq, type }) => [seq, type])).toEqual([
    [1, "approval.requested"],
    [2, "decision.recorded"],
    [3, "approval.resolved"],
  ]);
  expect(events.map(({ prevHash }) => prevHash)).toEqual([zeroHash, events[0]?.hash, events[1]?.hash]);
  for (const { hash, ...event } of events) expect(hash).toBe(logEventHash(event));
});

test("a bulk response gives a result per item", async () => {
  const asks = createMemoryApprovals({ viewer: agent });
  const [first, second] = [await asks.request({ title: "A" }), await asks.request({ title: "B" })];
  await asks.cancel(second.id);
  const items = [first, second, { id: "apr_unknown", digest: first.digest }];
  const results = await asks.as(ana).bulkRespond({
    items: items.map(({ id, digest }) => ({ id, digest })),
    type: "approve",
    comment: "All fine",
  });
  expect(results).toEqual([
    { id: first.id, ok: true },
    {
      id: second.id,
      ok: false,
      error: { code: "already_resolved", message: expect.stringContaining("agent cancelled") },
    },
    { id: "apr_unknown", ok: false, error: { code: "not_found", message: expect.any(String) } },
  ]);
});

test("counts are of what a viewer can see, and of what waits for them", async () => {
  const asks = createMemoryApprovals({ viewer: agent });
  await asks.request({ title: "Anyone", risk: "high" });
  await asks.request({ title: "Legal, then Bo", stages: [{ groups: ["legal"] }, { users: ["bo"] }] });
  const { id } = await asks.request({ title: "Done" });
  await asks.as(ana).respond(id, { approved: true });
  const byRisk = { low: 0, medium: 1, high: 1, critical: 0 };
  expect(await asks.as(ana).counts()).toEqual({ pending: 2, mine: 2, byRisk });
  expect(await asks.as(bo).counts()).toEqual({ pending: 2, mine: 1, byRisk });
});

test("changing a request after it was made changes nothing", async () => {
  const asks = createMemoryApprovals({ viewer: agent });
  const args = { to: "ana" };
  const { id } = await asks.request({ title: "T", action: { name: "send", args } });
  args.to = "eve";
  expect((await asks.get(id)).action?.args).toEqual({ to: "ana" });
});

test("ids can be made predictable", async () => {
  const make = () => {
    const now = () => Date.UTC(2026, 0, 1);
    return createMemoryApprovals({ viewer: agent, now, newId: createIds({ now, random: () => 0 }) });
  };
  expect((await make().request({ title: "T" })).id).toBe((await make().request({ title: "T" })).id);
});
