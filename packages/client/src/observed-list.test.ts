import type { ApprovalRequest } from "@holdpoint/core";
import { startTestHoldpoint, type TestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import type { ListFilter } from "./list-filter.ts";
import type { ApprovalList } from "./observed-list.ts";
import { startStore, watch } from "./test-store.ts";

const pending: ListFilter = { status: ["pending"] };
const titlesOf = (list: ApprovalList) => list.get().items.map(({ title }) => title);

async function request(holdpoint: TestHoldpoint, ...titles: string[]) {
  const requested = [];
  for (const title of titles) requested.push(await holdpoint.holdpoint.approvals.request({ title }));
  return requested;
}

test("what is new doesn't move the list until it is asked for", async () => {
  await using holdpoint = await startTestHoldpoint();
  await request(holdpoint, "A", "B");
  using store = startStore(holdpoint, "ana");
  const list = store.observeList(pending);
  using _list = watch(list);
  await expect.poll(() => titlesOf(list)).toEqual(["B", "A"]);
  await request(holdpoint, "C", "D");
  await expect.poll(() => list.get().newCount).toBe(2);
  expect(titlesOf(list)).toEqual(["B", "A"]);
  list.showNew();
  expect(titlesOf(list)).toEqual(["D", "C", "B", "A"]);
  expect(list.get().newCount).toBe(0);
});

test("what is new shows at once where there is nothing that could move", async () => {
  await using holdpoint = await startTestHoldpoint();
  using store = startStore(holdpoint, "ana");
  const list = store.observeList(pending);
  using _list = watch(list);
  await expect.poll(() => list.get().status).toBe("ready");
  await request(holdpoint, "A");
  await expect.poll(() => titlesOf(list)).toEqual(["A"]);
});

test("what ended stays in its place, as it is now, until it is let go", async () => {
  await using holdpoint = await startTestHoldpoint();
  const [a, b, c] = await request(holdpoint, "A", "B", "C");
  using store = startStore(holdpoint, "ana");
  const list = store.observeList(pending);
  using _list = watch(list);
  await expect.poll(() => titlesOf(list)).toEqual(["C", "B", "A"]);
  for (const approval of [a, b]) if (approval) await holdpoint.as("bo").approve(approval);
  await expect.poll(() => [...list.get().departed]).toEqual([a?.id, b?.id]);
  expect(list.get().items.map(({ status }) => status)).toEqual(["pending", "approved", "approved"]);
  list.dropDeparted(b?.id);
  expect(titlesOf(list)).toEqual(["C", "A"]);
  list.dropDeparted(c?.id);
  expect(titlesOf(list)).toEqual(["C", "A"]);
  list.dropDeparted();
  expect(titlesOf(list)).toEqual(["C"]);
});

test("pages follow each other, and what arrives in between is neither lost nor shown twice", async () => {
  await using holdpoint = await startTestHoldpoint();
  await request(holdpoint, "A", "B", "C", "D", "E");
  using store = startStore(holdpoint, "ana");
  const list = store.observeList({ ...pending, sort: "createdAt", limit: 2 });
  using _list = watch(list);
  await expect.poll(() => titlesOf(list)).toEqual(["A", "B"]);
  await request(holdpoint, "F");
  await Promise.all([list.fetchMore(), list.fetchMore()]);
  expect(titlesOf(list)).toEqual(["A", "B", "C", "D"]);
  expect(list.get()).toMatchObject({ hasMore: true, newCount: 0 });
  await list.fetchMore();
  expect(titlesOf(list)).toEqual(["A", "B", "C", "D", "E", "F"]);
  expect(list.get().hasMore).toBe(false);
  await list.fetchMore();
  await request(holdpoint, "G");
  await expect.poll(() => list.get().newCount).toBe(1);
});

test("each list follows its own filter", async () => {
  await using holdpoint = await startTestHoldpoint();
  using store = startStore(holdpoint, "ana", { person: { groups: ["finance"] } });
  const lists = {
    mine: store.observeList({ ...pending, assignee: "me" }),
    critical: store.observeList({ risk: ["critical"] }),
    words: store.observeList({ q: "REFUND 7" }),
    tagged: store.observeList({ tag: "urgent", sort: "deadlineAt" }),
    ended: store.observeList({ status: ["approved", "rejected"] }),
  };
  const watched = Object.values(lists).map(watch);
  for (const list of Object.values(lists)) await expect.poll(() => list.get().status).toBe("ready");
  const { approvals } = holdpoint.holdpoint;
  const requests: ApprovalRequest[] = [
    { title: "For legal", reviewers: { groups: ["legal"] }, risk: "critical" },
    { title: "Refund order 7", reviewers: { groups: ["finance"] } },
    { title: "Soon", tags: ["urgent"], timeout: "1h", reviewers: { users: ["bo"] } },
    { title: "Critical", tags: ["urgent"], risk: "critical" },
  ];
  for (const request of requests) await approvals.request(request);
  const settled = (list: ApprovalList) => {
    if (list.get().newCount > 0) list.showNew();
    return titlesOf(list);
  };
  await expect.poll(() => settled(lists.mine)).toEqual(["Critical", "Refund order 7"]);
  await expect.poll(() => settled(lists.critical)).toEqual(["Critical"]);
  await expect.poll(() => settled(lists.words)).toEqual(["Refund order 7"]);
  await expect.poll(() => settled(lists.tagged)).toEqual(["Critical"]);
  expect(settled(lists.ended)).toEqual([]);
  for (const { items } of [lists.mine.get()])
    for (const item of items) await store.respond(item.id, { approved: true });
  await expect.poll(() => settled(lists.ended)).toEqual(["Critical", "Refund order 7"]);
  for (const one of watched) one[Symbol.dispose]();
});

test("equal filters share one list, which is read again when it was left for long", async () => {
  await using holdpoint = await startTestHoldpoint();
  const reads: string[] = [];
  const counting: typeof fetch = (url, init) => {
    reads.push(String(url));
    return fetch(url, init);
  };
  let now = Date.now();
  const clock = {
    now: () => now,
    after: (ms: number, listener: () => void) => {
      const timer = setTimeout(listener, ms);
      return () => clearTimeout(timer);
    },
  };
  using store = startStore(holdpoint, "ana", { fetch: counting, clock });
  const list = store.observeList({ risk: ["high", "low"] });
  expect(store.observeList({ risk: ["low", "high"], sort: "-createdAt" })).toBe(list);
  watch(list)[Symbol.dispose]();
  using _first = watch(list);
  await expect.poll(() => list.get().status).toBe("ready");
  expect(reads).toHaveLength(1);
  _first[Symbol.dispose]();
  now += 60_000;
  store.observeList({ kind: "question" });
  expect(list.get().status).toBe("loading");
  using _again = watch(list);
  await expect.poll(() => list.get().status).toBe("ready");
  expect(reads).toHaveLength(2);
});

test("a list that can't be read says why, keeps what it had, and can be read again", async () => {
  await using holdpoint = await startTestHoldpoint();
  await request(holdpoint, "A");
  let failing = true;
  const flaky: typeof fetch = (url, init) =>
    failing && String(url).includes("/approvals") ? Promise.reject(new TypeError("no network")) : fetch(url, init);
  using store = startStore(holdpoint, "ana", { fetch: flaky });
  const list = store.observeList({ kind: "approval" });
  using _list = watch(list);
  await expect.poll(() => list.get()).toMatchObject({ status: "error", error: { code: "unavailable" } });
  failing = false;
  await list.refetch();
  expect(list.get()).toMatchObject({ status: "ready", error: undefined });
  failing = true;
  await list.refetch();
  expect(list.get()).toMatchObject({ status: "ready", error: { code: "unavailable" }, items: [{ title: "A" }] });
});
