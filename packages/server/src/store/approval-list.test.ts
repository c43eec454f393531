import {
  type Approval,
  type ApprovalQuery,
  type ApprovalRequest,
  type ApprovalSort,
  applyCancel,
  applyDecision,
  applyEscalation,
  applyReassign,
  awaits,
  canSee,
  type Page,
  toDecision,
  type Viewer,
} from "@holdpoint/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countApprovals } from "./approval-counts.ts";
import { listApprovals } from "./approval-list.ts";
import { insertApproval, lockApproval, saveApproval } from "./approvals-table.ts";
import type { Store } from "./store.ts";
import { newApproval, newId, now, store as save, viewer } from "./test-approvals.ts";
import { openTestStore, type TestStore, testDatabases } from "./test-databases.ts";

const people = ["ana", "bo", "cy", "dee"];
const groups = ["ops", "legal"];
const risks = ["low", "medium", "high", "critical"] as const;
const statuses = ["pending", "approved", "rejected", "cancelled"] as const;
const sorts: ApprovalSort[] = ["-createdAt", "createdAt", "deadlineAt", "-updatedAt"];

const reviewers = fc
  .record({ users: fc.subarray(people), groups: fc.subarray(groups), quorum: fc.integer({ min: 1, max: 2 }) })
  .map((stage) => (stage.users.length === 1 ? { ...stage, quorum: 1 } : stage));

const request: fc.Arbitrary<Partial<ApprovalRequest>> = fc.record(
  {
    title: fc.constantFrom(
      "Refund 100% of order_7",
      "Refund 1009 of orderX7",
      "Delete customer ÄÖ",
      "Send e-mail",
      "back\\slash 'quoted'",
    ),
    message: fc.constantFrom("because", "The customer ASKED"),
    action: fc.constantFrom({ name: "refund.create", args: 7 }, { name: "mail.send", args: 8 }),
    stages: fc.array(reviewers, { maxLength: 2 }),
    risk: fc.constantFrom(...risks),
    tags: fc.subarray(["a", "A", 'quo"te', "back\\", "a,b"]),
    timeout: fc.constantFrom("1h", "2h"),
    selfApproval: fc.boolean(),
    source: fc.constantFrom({ engine: "holdpoint", workflow: "outreach", runId: "run_1" }, { engine: "inngest" }),
  },
  { requiredKeys: ["title"] },
);

const facts = fc.record({ ownerId: fc.constantFrom(...people), tenantId: fc.constantFrom("acme", "acme", "umbra") });

/** What happens to an approval after its creation; steps that its rules refuse are left out. */
const steps = fc.array(
  fc.record({
    by: fc.constantFrom(...people),
    does: fc.constantFrom("approve", "approve", "reject", "cancel", "reassign", "replace"),
  }),
  { maxLength: 4 },
);

const anyone: fc.Arbitrary<Viewer> = fc
  .record({
    id: fc.constantFrom(...people, "stranger"),
    groups: fc.subarray(groups),
    role: fc.constantFrom("reviewer", "reviewer", "requester", "auditor", "admin"),
    tenantId: fc.constantFrom("acme", "acme", "acme", "umbra", "nobody"),
  })
  .map(({ id, ...rest }) => viewer(id, rest));

const query: fc.Arbitrary<ApprovalQuery> = fc.record(
  {
    status: fc.subarray([...statuses], { minLength: 1 }),
    kind: fc.constant("approval"),
    risk: fc.subarray([...risks], { minLength: 1 }),
    tag: fc.constantFrom("a", "A", 'quo"te', "back\\", "b", "zz"),
    q: fc.constantFrom("refund", "100%", "er_7", "ERX7", "äö", "customer refund", "mail.send", "\\", "'", "  "),
    assignee: fc.constant("me"),
    source: fc.constantFrom("holdpoint", "outreach", "inngest", "nothing"),
    runId: fc.constantFrom("run_1", "run_2"),
    sort: fc.constantFrom(...sorts),
  },
  { requiredKeys: [] },
);

describe.each(testDatabases)("lists on $name", (kind) => {
  let store: TestStore;
  const all: Approval[] = [];

  beforeAll(async () => {
    store = await openTestStore(kind);
    const samples = fc.sample(fc.tuple(request, facts, steps), { numRuns: 150, seed: 7 });
    for (const [asked, given, later] of samples) all.push(await live(store, newApproval(asked, given), later));
  });

  afterAll(() => store[Symbol.asyncDispose]());

  test("hold exactly what the viewer may see and the query asks for, in order, page by page", async () => {
    const limits = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(anyone, query, limits, async (who, asked, limit) => {
        const listed = await pages(store, who, { ...asked, limit }, all.length);
        expect(listed).toEqual(
          ordered(
            all.filter((approval) => wanted(approval, who, asked)),
            asked.sort,
          ),
        );
      }),
      { numRuns: 150 },
    );
  });

  test("agree with the counts", async () => {
    await fc.assert(
      fc.asyncProperty(anyone, async (who) => {
        const pending = all.filter((approval) => wanted(approval, who, { status: ["pending"] }));
        expect(await countApprovals(store.reader, who)).toEqual({
          pending: pending.length,
          mine: pending.filter((approval) => awaits(approval, who)).length,
          byRisk: Object.fromEntries(risks.map((risk) => [risk, pending.filter((one) => one.risk === risk).length])),
        });
      }),
      { numRuns: 60 },
    );
  });

  test("give nothing twice and leave nothing out while approvals come in between pages", async () => {
    await using busy = await openTestStore(kind);
    const early = [];
    for (let i = 0; i < 20; i++) early.push(await save(busy, newApproval({ timeout: `${1 + (i % 3)}h` })));
    for (const sort of sorts) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<Approval> = await listApprovals(busy.reader, viewer("ana"), { sort, limit: 7, cursor });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
        await save(busy, newApproval({ timeout: "2h" }));
      } while (cursor && seen.length < 100);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(early.map(({ id }) => id)));
    }
  });

  test("serve a viewer of very many groups", async () => {
    const many = Array.from({ length: 600 }, (_, i) => `group-${i}`);
    const crowd = viewer("ana", { groups: [...groups, ...many] });
    const few = viewer("ana", { groups });
    expect(await listApprovals(store.reader, crowd, {})).toEqual(await listApprovals(store.reader, few, {}));
    expect(await countApprovals(store.reader, crowd)).toEqual(await countApprovals(store.reader, few));
  });

  test.each(["nonsense", "", "e30", Buffer.from('["createdAt","a"]').toString("base64url")])(
    "refuse the cursor %j, naming it",
    async (cursor) => {
      const listing = listApprovals(store.reader, viewer("ana"), { cursor });
      await expect(listing).rejects.toMatchObject({ code: "invalid_request", details: [{ pointer: "/cursor" }] });
    },
  );

  test("refuse a cursor of another order", async () => {
    const admin = viewer("root", { role: "admin" });
    const { nextCursor } = await listApprovals(store.reader, admin, { limit: 1, sort: "createdAt" });
    const listing = listApprovals(store.reader, admin, { cursor: nextCursor, sort: "-createdAt" });
    await expect(listing).rejects.toMatchObject({ code: "invalid_request" });
  });
});

/** Stores an approval and takes it through what happens to it. */
async function live(store: Store, created: Approval, later: { by: string; does: string }[]): Promise<Approval> {
  let approval = created;
  await store.write((tx) => insertApproval(tx, created));
  for (const { by, does } of later) {
    const next = after(approval, viewer(by, { role: "admin", tenantId: approval.tenantId }), does);
    if (!next || next === approval) continue;
    await store.write(async (tx) => saveApproval(tx, await lockApproval(tx, next.tenantId, next.id), next));
    approval = next;
  }
  return approval;
}

function after(approval: Approval, by: Viewer, does: string): Approval | undefined {
  try {
    if (does === "cancel") return applyCancel(approval, { now: now() });
    if (does === "reassign") return applyReassign(approval, { users: [by.id] }, by, { now: now() }).approval;
    if (does === "replace") return applyEscalation(approval, { users: [by.id], replace: true }, now());
    const input = { approved: does === "approve" };
    return applyDecision(
      approval,
      toDecision({ approval, input, viewer: by, id: newId("dec"), now: now(), via: "api" }),
      by,
    );
  } catch {
    return undefined;
  }
}

/** All pages of a list, one after the other; more pages than there are approvals would never end. */
async function pages(store: Store, who: Viewer, asked: ApprovalQuery, most: number): Promise<Approval[]> {
  const items: Approval[] = [];
  let cursor: string | undefined;
  for (let page = 0; page <= most; page++) {
    const { items: more, nextCursor } = await listApprovals(store.reader, who, { ...asked, cursor });
    expect(more.length).toBeLessThanOrEqual(asked.limit ?? 50);
    items.push(...more);
    if (nextCursor === undefined) return items;
    cursor = nextCursor;
  }
  throw new Error("The list has no end.");
}

/** The meaning of a query, without SQL. */
function wanted(approval: Approval, who: Viewer, asked: ApprovalQuery): boolean {
  const { status, kind, risk, tag, q = "", assignee, source, runId } = asked;
  const words = q.toLowerCase().split(" ").filter(Boolean);
  const text = `${approval.title}\n${approval.message ?? ""}\n${approval.action?.name ?? ""}`.toLowerCase();
  return (
    canSee(approval, who) &&
    (!status || status.includes(approval.status)) &&
    (!kind || kind === approval.kind) &&
    (!risk || risk.includes(approval.risk)) &&
    (!tag || approval.tags.includes(tag)) &&
    (!assignee || awaits(approval, who)) &&
    (!source || source === approval.source?.engine || source === approval.source?.workflow) &&
    (!runId || runId === approval.source?.runId) &&
    words.every((word) => text.includes(word))
  );
}

function ordered(approvals: Approval[], sort: ApprovalSort = "-createdAt"): Approval[] {
  const rank = (approval: Approval) => {
    if (sort === "deadlineAt") return `${approval.deadlineAt ?? "~"} ${approval.id}`;
    return sort === "-updatedAt" ? `${approval.updatedAt} ${approval.id}` : approval.id;
  };
  const ascending = approvals.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return sort.startsWith("-") ? ascending.reverse() : ascending;
}
