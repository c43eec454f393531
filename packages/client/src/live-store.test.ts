import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { openTestLink } from "./test-link.ts";
import { startStore, watch } from "./test-store.ts";

const pending = { status: ["pending" as const] };

test("A11: what is requested shows at once to everybody, and so does what was decided", async () => {
  await using holdpoint = await startTestHoldpoint();
  using ana = startStore(holdpoint, "ana");
  using bo = startStore(holdpoint, "bo");
  using _lists = watch(ana.observeList(pending));
  using _others = watch(bo.observeList(pending));
  await expect.poll(() => ana.observeList(pending).get().status).toBe("ready");
  await expect.poll(() => bo.observeList(pending).get().status).toBe("ready");
  const approval = await holdpoint.request({ title: "Refund order 7" });
  await expect
    .poll(() =>
      bo
        .observeList(pending)
        .get()
        .items.map(({ id }) => id),
    )
    .toEqual([approval.id]);
  await ana.respond(approval.id, { type: "approve", digest: approval.digest });
  expect(ana.observeList(pending).get().items[0]?.status).toBe("approved");
  await expect.poll(() => bo.observeList(pending).get().items[0]?.outcome?.decidedBy).toMatchObject([{ id: "ana" }]);
});

test("an approval that nobody has is read when somebody looks at it, and kept current from then on", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7" });
  await holdpoint.as("bo").reject(approval);
  using store = startStore(holdpoint, "ana");
  const ended = store.observeApproval(approval.id);
  using _ended = watch(ended);
  await expect.poll(() => ended.get()).toMatchObject({ status: "ready", approval: { status: "rejected" } });
  const open = await holdpoint.request({ title: "Refund order 8" });
  const seen = store.observeApproval(open.id);
  using _seen = watch(seen);
  await expect.poll(() => seen.get().status).toBe("ready");
  await holdpoint.as("bo").approve(open);
  await expect.poll(() => seen.get().approval?.status).toBe("approved");
  const foreign = store.observeApproval("apr_00000000000000000000000000");
  using _foreign = watch(foreign);
  await expect.poll(() => foreign.get()).toMatchObject({ status: "error", error: { code: "not_found" } });
});

test("D4: badge counts follow what happens, for the viewer's own part in it", async () => {
  await using holdpoint = await startTestHoldpoint();
  using store = startStore(holdpoint, "ana");
  using _counts = watch(store.counts);
  await expect.poll(() => store.counts.get()?.pending).toBe(0);
  const mine = await holdpoint.request({ title: "Refund order 7", risk: "high", reviewers: { quorum: 2 } });
  await holdpoint.as("ana").request({ title: "Ana's own" });
  await expect.poll(() => store.counts.get()).toMatchObject({ pending: 2, mine: 1, byRisk: { high: 1, medium: 1 } });
  await store.respond(mine.id, { type: "approve", digest: mine.digest });
  await expect.poll(() => store.counts.get()).toMatchObject({ pending: 2, mine: 0 });
  await holdpoint.as("bo").approve(mine);
  await expect.poll(() => store.counts.get()).toMatchObject({ pending: 1, byRisk: { high: 0 } });
});

test("counts come right by asking when they can't be told from what is held", async () => {
  await using holdpoint = await startTestHoldpoint();
  const old = await holdpoint.request({ title: "The oldest" });
  for (let i = 0; i < 100; i++) await holdpoint.holdpoint.approvals.request({ title: `Refund ${i}` });
  using store = startStore(holdpoint, "ana");
  using _counts = watch(store.counts);
  await expect.poll(() => store.counts.get()?.pending).toBe(101);
  await holdpoint.as("bo").approve(old);
  await expect.poll(() => store.counts.get()).toMatchObject({ pending: 100, mine: 100 });
});

test("the store says who the server takes the viewer for, and knows the server's time", async () => {
  await using holdpoint = await startTestHoldpoint();
  const behind = {
    now: () => Date.now() - 3_600_000,
    after: (ms: number, listener: () => void) => {
      const timer = setTimeout(listener, ms);
      return () => clearTimeout(timer);
    },
  };
  using store = startStore(holdpoint, "ana", { person: { name: "Ana", groups: ["finance"] }, clock: behind });
  await expect.poll(() => store.connection.get().viewer).toMatchObject({ id: "ana", name: "Ana", groups: ["finance"] });
  expect(Math.abs(store.now() - Date.now())).toBeLessThan(10_000);
});

test("nothing is requested before the store is started or after it is stopped", async () => {
  await using holdpoint = await startTestHoldpoint();
  let requests = 0;
  const counting: typeof fetch = (...request) => {
    requests++;
    return fetch(...request);
  };
  using store = startStore(holdpoint, "ana", { fetch: counting });
  await expect.poll(() => store.connection.get().state).toBe("live");
  store.stop();
  using _list = watch(store.observeList({ risk: ["high"] }));
  using _approval = watch(store.observeApproval("apr_1"));
  expect(requests).toBe(0);
  expect(store.connection.get().state).toBe("idle");
  store.start();
  await expect.poll(() => store.observeList({ risk: ["high"] }).get().status).toBe("ready");
});

test("what the server rendered shows before anything is requested, and is kept current", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7" });
  const initialData = { approvals: [approval], counts: await holdpoint.as("ana").get<never>("/counts") };
  await using link = await openTestLink(holdpoint.origin);
  link.cut("closed");
  using store = startStore({ ...holdpoint, url: link.url }, "ana", { initialData });
  const list = store.observeList(pending);
  using _list = watch(list);
  expect(list.get()).toMatchObject({ status: "ready", items: [{ id: approval.id }] });
  expect(store.counts.get()?.pending).toBe(1);
  await holdpoint.as("bo").approve(approval);
  link.open();
  store.retry();
  await expect.poll(() => list.get().items).toEqual([]);
});

test("what arrives while nobody looks does not pile up, and is read when it is to be shown", async () => {
  await using holdpoint = await startTestHoldpoint();
  using store = startStore(holdpoint, "ana");
  const list = store.observeList(pending);
  using _list = watch(list);
  await expect.poll(() => list.get().status).toBe("ready");
  await holdpoint.holdpoint.approvals.request({ title: "Stays" });
  const { approvals } = holdpoint.holdpoint;
  await Promise.all(Array.from({ length: 1_200 }, (_, i) => approvals.request({ title: `Refund ${i}` })));
  await expect.poll(() => list.get().newCount).toBe(1_200);
  list.showNew();
  await expect.poll(() => list.get().items.length).toBeGreaterThanOrEqual(50);
  await expect.poll(() => list.get()).toMatchObject({ hasMore: true, newCount: 0 });
});
