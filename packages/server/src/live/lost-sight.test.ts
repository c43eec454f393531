import { expect, test } from "vitest";
import { startTestHoldpoint } from "../testing.ts";
import { connectViewer } from "./test-viewer.ts";

const stages = (reviewers: object) => ({ title: "Refund order 7", reviewers });

test("who is added by a reassignment sees the approval at once, and who loses it is told that it is gone", async () => {
  await using server = await startTestHoldpoint();
  using ana = await connectViewer(server, "ana");
  using bo = await connectViewer(server, "bo");
  using cy = await connectViewer(server, "cy");
  using auditor = await connectViewer(server, "auditor", { person: { role: "auditor" } });
  const approval = await server.request(stages({ users: ["ana", "bo"] }));
  const { streams } = await ana.subscribe();
  await Promise.all([bo, cy, auditor].map((viewer) => viewer.subscribe()));
  await server.as("ana").post(`/approvals/${approval.id}/reassign`, { users: ["cy"] });
  await expect.poll(() => cy.titles()).toEqual(["Refund order 7"]);
  await expect.poll(() => bo.titles()).toEqual(["Refund order 7"]);
  await expect.poll(() => auditor.titles()).toEqual(["Refund order 7"]);
  const gone = [{ seq: 2, approvalId: approval.id, version: 2 }];
  await expect
    .poll(() => ana.frames)
    .toEqual([{ stream: "user:ana", from: streams["user:ana"], to: 2, changes: [], gone }]);
  expect([bo, cy, auditor].flatMap(({ frames }) => frames.flatMap((frame) => frame.gone ?? []))).toEqual([]);
});

test("what went out of sight while somebody was away is in what they catch up on", async () => {
  await using server = await startTestHoldpoint();
  using ana = await connectViewer(server, "ana");
  const { cursor } = await ana.subscribe();
  const approval = await server.request(stages({ users: ["ana"] }));
  const other = await server.request(stages({ users: ["bo"] }));
  const admin = server.as("kim", { role: "admin" });
  await admin.post(`/approvals/${approval.id}/reassign`, { users: ["bo"] });
  await admin.post(`/approvals/${other.id}/reassign`, { users: ["cy"] });
  const gone = [{ seq: 3, approvalId: approval.id, version: 2 }];
  await expect.poll(() => ana.frames.at(-1)?.to).toBe(3);
  expect(await ana.subscribe(cursor)).toMatchObject({ changes: [], gone });
  const polled = await server.as("ana").get(`/changes?since=${cursor}`);
  expect(polled).toMatchObject({ changes: [], gone });
});

test("an approval that was everybody's is gone for everybody but those who have it now", async () => {
  await using server = await startTestHoldpoint();
  using ana = await connectViewer(server, "ana");
  using cy = await connectViewer(server, "cy", { person: { groups: ["legal"] } });
  const approval = await server.request({ title: "Anyone" });
  await Promise.all([ana.subscribe(), cy.subscribe()]);
  await server.as("kim", { role: "admin" }).post(`/approvals/${approval.id}/reassign`, { groups: ["legal"] });
  await expect.poll(() => ana.frames.flatMap(({ gone = [] }) => gone)).toMatchObject([{ approvalId: approval.id }]);
  await expect.poll(() => cy.frames.map(({ stream }) => stream)).toEqual(["group:legal", "*"]);
});

test("an escalation that replaces the reviewers leaves those before the right to look, and to nothing else", async () => {
  await using server = await startTestHoldpoint();
  using ana = await connectViewer(server, "ana");
  using bo = await connectViewer(server, "bo");
  await Promise.all([ana.subscribe(), bo.subscribe()]);
  const ladder = [{ after: "1ms", escalate: { users: ["bo"], replace: true } }];
  const { id } = await server.request({ title: "Refund order 7", reviewers: { users: ["ana"] }, ladder });
  await expect.poll(() => bo.titles()).toEqual(["Refund order 7"]);
  const seen = () => ana.frames.flatMap(({ changes }) => changes).at(-1);
  await expect.poll(seen).toMatchObject({ type: "approval.escalated", approval: { id } });
  expect(ana.frames.flatMap(({ gone = [] }) => gone)).toEqual([]);
  expect(await server.as("ana").get("/counts")).toMatchObject({ pending: 1, mine: 0 });
});
