import { expect, test } from "vitest";
import { createManualClock, startTestHoldpoint } from "../testing.ts";
import { connectViewer, titlesIn } from "./test-viewer.ts";

test("two reviewers see the same request and the same decision", async () => {
  await using holdpoint = await startTestHoldpoint();
  using ana = await connectViewer(holdpoint, "ana");
  using bo = await connectViewer(holdpoint, "bo");
  await Promise.all([ana.subscribe(), bo.subscribe()]);
  const approval = await holdpoint.request({ title: "Refund order 7" });
  await holdpoint.as("ana").approve(approval);
  for (const viewer of [ana, bo]) {
    await expect.poll(() => viewer.frames.at(-1)?.changes.at(-1)?.type).toBe("approval.resolved");
    expect(viewer.frames.at(-1)?.changes.at(-1)?.approval.outcome?.decidedBy).toMatchObject([{ id: "ana" }]);
  }
});

test("a request reaches the people and groups it is addressed to, who asked for it, and those who see everything", async () => {
  await using holdpoint = await startTestHoldpoint();
  const viewers = {
    ana: await connectViewer(holdpoint, "ana"),
    finance: await connectViewer(holdpoint, "fay", { person: { groups: ["finance"] } }),
    legal: await connectViewer(holdpoint, "leo", { person: { groups: ["legal"] } }),
    auditor: await connectViewer(holdpoint, "aud", { person: { role: "auditor" } }),
    agent: await connectViewer(holdpoint, "agent", { person: { role: "requester" } }),
    otherAgent: await connectViewer(holdpoint, "agent-2", { person: { role: "requester" } }),
    otherTenant: await connectViewer(holdpoint, "ana", { person: { tenant: "globex", role: "admin" } }),
  };
  await Promise.all(Object.values(viewers).map((viewer) => viewer.subscribe()));
  await holdpoint.request({ title: "For Ana", reviewers: { users: ["ana"] } });
  await holdpoint.request({ title: "For finance", reviewers: { groups: ["finance"] } });
  await holdpoint.request({ title: "For all" });
  const all = ["For Ana", "For finance", "For all"];
  await expect.poll(() => viewers.auditor.titles()).toEqual(all);
  await expect.poll(() => viewers.agent.titles()).toEqual(all);
  await expect.poll(() => viewers.ana.titles()).toEqual(["For Ana", "For all"]);
  await expect.poll(() => viewers.finance.titles()).toEqual(["For finance", "For all"]);
  await expect.poll(() => viewers.legal.titles()).toEqual(["For all"]);
  expect(viewers.otherAgent.titles()).toEqual([]);
  expect(viewers.otherTenant.titles()).toEqual([]);
  for (const viewer of Object.values(viewers)) viewer[Symbol.dispose]();
});

test("the same visibility holds for snapshots and for what is caught up on", async () => {
  await using holdpoint = await startTestHoldpoint();
  using leo = await connectViewer(holdpoint, "leo", { person: { groups: ["legal"] } });
  const { cursor } = await leo.subscribe();
  await holdpoint.request({ title: "For finance", reviewers: { groups: ["finance"] } });
  await holdpoint.request({ title: "For legal", reviewers: { groups: ["legal"] } });
  await expect.poll(() => leo.titles()).toEqual(["For legal"]);
  expect(titlesIn(await leo.subscribe(cursor))).toEqual(["For legal"]);
  expect(titlesIn(await leo.subscribe())).toEqual(["For legal"]);
});

test("a cursor brings what was missed, each approval once and as it stands", async () => {
  await using holdpoint = await startTestHoldpoint();
  using ana = await connectViewer(holdpoint, "ana");
  const { cursor } = await ana.subscribe();
  ana.socket.disconnect();
  const approval = await holdpoint.request({ title: "Refund order 7" });
  await holdpoint.as("bo").reject(approval, "Too much");
  using again = await connectViewer(holdpoint, "ana");
  const answer = await again.subscribe(cursor);
  expect("changes" in answer && answer.changes).toMatchObject([
    { type: "approval.resolved", approval: { id: approval.id, status: "rejected" } },
  ]);
  expect("changes" in answer && answer.counts.pending).toBe(0);
});

test("a cursor that is none, or of another tenant, brings a snapshot", async () => {
  await using holdpoint = await startTestHoldpoint();
  await holdpoint.request({ title: "Refund order 7" });
  using ana = await connectViewer(holdpoint, "ana");
  using eve = await connectViewer(holdpoint, "eve", { person: { tenant: "globex" } });
  const { cursor } = await ana.subscribe();
  for (const none of ["", "garbage", "x".repeat(5_000)])
    expect(titlesIn(await ana.subscribe(none))).toEqual(["Refund order 7"]);
  const foreign = await eve.subscribe(cursor);
  expect("snapshot" in foreign && foreign.snapshot.approvals).toEqual([]);
});

test("a cursor from longer ago than the server remembers brings a snapshot", async () => {
  await using holdpoint = await startTestHoldpoint();
  using ana = await connectViewer(holdpoint, "ana");
  const { cursor } = await ana.subscribe();
  const requests = Array.from({ length: 501 }, (_, i) =>
    holdpoint.holdpoint.approvals.request({ title: `Refund ${i}` }),
  );
  await Promise.all(requests);
  await expect.poll(() => ana.frames.at(-1)?.to).toBe(501);
  const answer = await ana.subscribe(cursor);
  expect("snapshot" in answer && answer.snapshot.approvals).toHaveLength(100);
  expect("snapshot" in answer && answer.snapshot.counts.pending).toBe(501);
  expect("snapshot" in answer && answer.snapshot.nextCursor).toBeTypeOf("string");
});

test("frames of a stream continue each other and start where the subscription ended", async () => {
  await using holdpoint = await startTestHoldpoint();
  using ana = await connectViewer(holdpoint, "ana");
  const { streams } = await ana.subscribe();
  for (let i = 0; i < 20; i++) await holdpoint.request({ title: `Refund ${i}` });
  await expect.poll(() => ana.titles()).toHaveLength(20);
  let position = streams["*"] ?? Number.NaN;
  for (const { from, to } of ana.frames.filter(({ stream }) => stream === "*")) {
    expect(from).toBeLessThanOrEqual(position);
    expect(to).toBeGreaterThan(position);
    position = to;
  }
});

test("a head beat tells where every stream is, with a cursor that nothing has to be caught up from", async () => {
  const clock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock });
  using ana = await connectViewer(holdpoint, "ana");
  await ana.subscribe();
  await holdpoint.request({ title: "Refund order 7" });
  await expect.poll(() => ana.titles()).toHaveLength(1);
  clock.advance(15_000);
  await expect.poll(() => ana.heads).toHaveLength(1);
  const [head] = ana.heads;
  expect(head?.streams["*"]).toBe(ana.frames.at(-1)?.to);
  const answer = await ana.subscribe(head?.cursor);
  expect("changes" in answer && answer.changes).toEqual([]);
});

test("credentials that end close the connection, with the reason, within two seconds", async () => {
  const clock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock });
  const token = await holdpoint.token("ana", { expiresIn: "5m" });
  using ana = await connectViewer(holdpoint, "ana", { token });
  await ana.subscribe();
  clock.advance(4 * 60_000);
  expect(ana.socket.connected).toBe(true);
  clock.advance(62_000);
  await ana.disconnected;
  expect(ana.notices).toEqual(["expired"]);
});

test("stopping tells everyone before it closes their connections, and takes no more", async () => {
  await using holdpoint = await startTestHoldpoint();
  using ana = await connectViewer(holdpoint, "ana");
  await ana.subscribe();
  await holdpoint.holdpoint.stop();
  await ana.disconnected;
  expect(ana.notices).toEqual(["shutdown"]);
  await expect(connectViewer(holdpoint, "bo")).rejects.toThrow();
});

test("a revoked API key ends the connections that it opened", async () => {
  await using holdpoint = await startTestHoldpoint();
  const { apiKeys } = holdpoint.holdpoint;
  const key = await apiKeys.create({ name: "Desk display", role: "reviewer" });
  using display = await connectViewer(holdpoint, "display", { token: key.secret });
  using ana = await connectViewer(holdpoint, "ana");
  await display.subscribe();
  await apiKeys.revoke(key.id);
  await display.disconnected;
  expect(display.notices).toEqual(["revoked"]);
  expect(ana.socket.connected).toBe(true);
});
