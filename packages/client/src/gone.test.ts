import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { openTestLink } from "./test-link.ts";
import { startStore, watch } from "./test-store.ts";

const pending = { status: ["pending" as const] };
const admin = { role: "admin" as const };

test("what a reviewer can't see any more leaves their lists, their counts and what they look at", async () => {
  await using server = await startTestHoldpoint();
  using ana = startStore(server, "ana");
  using cy = startStore(server, "cy");
  const approval = await server.request({ title: "Refund order 7", reviewers: { users: ["ana"] } });
  const list = ana.observeList(pending);
  const one = ana.observeApproval(approval.id);
  using _list = watch(list);
  using _one = watch(one);
  using _counts = watch(ana.counts);
  using _others = watch(cy.observeList(pending));
  await expect.poll(() => one.get().status).toBe("ready");
  await expect.poll(() => list.get().items).toHaveLength(1);
  await expect.poll(() => cy.observeList(pending).get().status).toBe("ready");
  await server.as("kim", admin).post(`/approvals/${approval.id}/reassign`, { users: ["cy"] });
  await expect.poll(() => list.get().items).toEqual([]);
  expect(one.get()).toMatchObject({ status: "error", error: { code: "not_found" }, approval: undefined });
  await expect.poll(() => ana.counts.get()).toMatchObject({ pending: 0, mine: 0 });
  await expect.poll(() => cy.observeList(pending).get().items).toHaveLength(1);
  await server.as("kim", admin).post(`/approvals/${approval.id}/reassign`, { users: ["ana"] });
  await expect.poll(() => one.get()).toMatchObject({ status: "ready", error: undefined });
  await expect.poll(() => list.get().items).toHaveLength(1);
});

test("what went out of sight while the line was down is gone when it is back", async () => {
  await using server = await startTestHoldpoint();
  await using link = await openTestLink(server.origin);
  const approval = await server.request({ title: "Refund order 7", reviewers: { users: ["ana"] } });
  using ana = startStore({ ...server, url: link.url }, "ana");
  const list = ana.observeList(pending);
  using _list = watch(list);
  await expect.poll(() => list.get().items).toHaveLength(1);
  link.cut("closed");
  await server.as("kim", admin).post(`/approvals/${approval.id}/reassign`, { users: ["cy"] });
  link.open();
  ana.retry();
  await expect.poll(() => list.get().items).toEqual([]);
});

test("what still reaches a reviewer by a group stays when they are no longer named", async () => {
  await using server = await startTestHoldpoint();
  using ana = startStore(server, "ana", { person: { groups: ["legal"] } });
  const list = ana.observeList(pending);
  using _list = watch(list);
  const reviewers = { users: ["ana"], groups: ["legal"], quorum: 2 };
  const approval = await server.request({ title: "Refund order 7", reviewers });
  await expect.poll(() => list.get().items).toHaveLength(1);
  await server.as("kim", admin).post(`/approvals/${approval.id}/reassign`, { users: ["cy"], groups: ["legal"] });
  await expect.poll(() => list.get().items[0]?.version).toBe(2);
  await server.as("kim", admin).post(`/approvals/${approval.id}/comments`, { text: "Please hurry" });
  await expect.poll(() => list.get().items[0]?.commentCount).toBe(1);
  expect(list.get()).toMatchObject({ newCount: 0 });
});
