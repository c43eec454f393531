import { type Approval, type ApprovalRequest, HoldpointError, type Page, type Viewer } from "@holdpoint/core";
import { startTestHoldpoint, type TestCaller, type TestHoldpoint } from "@holdpoint/server/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LiveStore } from "./live-store.ts";
import { openTestLink, type TestLink } from "./test-link.ts";
import { startStore, watch } from "./test-store.ts";

const pending = { status: ["pending" as const] };

/** What may happen while a store is watching, or trying to. */
type Happening =
  | { what: "request"; reviewers?: ApprovalRequest["reviewers"]; risk: "low" | "critical" }
  | { what: "decide"; which: number; approved: boolean }
  | { what: "cancel"; which: number }
  | { what: "reassign"; which: number; to: { users?: string[]; groups?: string[] } }
  | { what: "burst"; count: number }
  | { what: "line"; change: "cut" | "block" | "polling only" | "open" }
  | { what: "own response"; which: number }
  | { what: "breathe" };

const reviewers = fc.constantFrom<ApprovalRequest["reviewers"]>(
  undefined,
  { users: ["ana"] },
  { groups: ["finance"] },
  { groups: ["legal"] },
  { quorum: 2 },
);
const which = fc.nat(99);
const assignee = fc.constantFrom<{ users?: string[]; groups?: string[] }>(
  { users: ["ana", "bo"] },
  { users: ["bo", "cy"] },
  { groups: ["finance"] },
  { groups: ["legal"] },
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("request" as const),
      reviewers,
      risk: fc.constantFrom("low" as const, "critical" as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("decide" as const), which, approved: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("cancel" as const), which }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("reassign" as const), which, to: assignee }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("burst" as const), count: fc.integer({ min: 5, max: 130 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("line" as const),
      change: fc.constantFrom("cut", "block", "polling only", "open"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("own response" as const), which }) },
  { weight: 2, arbitrary: fc.constant({ what: "breathe" as const }) },
);

async function pendingOnServer({ holdpoint }: TestHoldpoint): Promise<Approval[]> {
  return (await holdpoint.approvals.list({ ...pending, limit: 200 })).items;
}

async function happen(happening: Happening, holdpoint: TestHoldpoint, link: TestLink, store: LiveStore): Promise<void> {
  const { approvals } = holdpoint.holdpoint;
  const pick = async (index: number) => {
    const open = await pendingOnServer(holdpoint);
    return open[index % Math.max(1, open.length)];
  };
  switch (happening.what) {
    case "request":
      await approvals.request({ title: "Refund", reviewers: happening.reviewers, risk: happening.risk });
      return;
    case "burst":
      await Promise.all(Array.from({ length: happening.count }, () => approvals.request({ title: "One of many" })));
      return;
    case "reassign": {
      const approval = await pick(happening.which);
      if (approval) await unlessEnded(approvals.reassign(approval.id, happening.to));
      return;
    }
    case "decide":
    case "cancel": {
      const approval = await pick(happening.which);
      if (!approval) return;
      if (happening.what === "cancel") return unlessEnded(approvals.cancel(approval.id));
      const judge: Viewer = { id: `judge-${happening.which}`, tenantId: "default", groups: [], role: "admin" };
      return unlessEnded(approvals.as(judge).respond(approval.id, { approved: happening.approved }));
    }
    case "own response": {
      const [shown] = store.observeList(pending).get().items;
      if (shown) void store.respond(shown.id, { type: "approve", digest: shown.digest }).catch(() => undefined);
      return;
    }
    case "line":
      if (happening.change === "open") link.open();
      else link.cut(({ cut: "open", block: "closed", "polling only": "http only" } as const)[happening.change]);
      return;
    case "breathe":
      await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The viewer's own response, which nobody awaits, may have been faster. */
async function unlessEnded(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof HoldpointError && error.code === "already_resolved")) throw error;
  }
}

/** Everything that is pending for somebody, newest first. */
async function inboxOf(caller: TestCaller): Promise<Approval[]> {
  const items: Approval[] = [];
  for (let cursor = ""; ; ) {
    const page = await caller.get<Page<Approval>>(`/approvals?status=pending&limit=200${cursor}`);
    items.push(...page.items);
    if (page.nextCursor === undefined) return items;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** Whether the store shows, once its list is settled, what the server lists, to the last field; as far as it is loaded. */
function showsWhatIs(store: LiveStore, wanted: readonly Approval[]): boolean {
  const list = store.observeList(pending);
  if (list.get().newCount + list.get().departed.size > 0) list.showNew();
  const { items, hasMore } = list.get();
  const loaded = hasMore && items.length > 0 ? items.length : wanted.length;
  return JSON.stringify(items) === JSON.stringify(wanted.slice(0, loaded));
}

test("whatever happens and however the line breaks, the store ends up with what the server has", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 30 }), async (happenings) => {
      await using holdpoint = await startTestHoldpoint();
      await using link = await openTestLink(holdpoint.origin);
      using store = startStore({ ...holdpoint, url: link.url }, "ana", { person: { groups: ["finance"] } });
      using _list = watch(store.observeList(pending));
      using _counts = watch(store.counts);
      for (const one of happenings) await happen(one, holdpoint, link, store);
      link.open();
      store.retry();
      const ana = holdpoint.as("ana", { groups: ["finance"] });
      await expect.poll(async () => showsWhatIs(store, await inboxOf(ana))).toBe(true);
      const counted = async () => JSON.stringify(await ana.get("/counts"));
      await expect.poll(async () => JSON.stringify(store.counts.get()) === (await counted())).toBe(true);
    }),
    { numRuns: Number(process.env.HOLDPOINT_TEST_RUNS ?? 12) },
  );
}, 120_000);
