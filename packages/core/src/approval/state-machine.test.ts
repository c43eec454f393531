import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HoldpointError } from "../error.ts";
import { jsonSchemaErrors } from "../json/json-schema-errors.ts";
import type { NewEvent } from "../log/event.ts";
import type { Viewer } from "../viewer.ts";
import { applyDecision, toDecision } from "./apply-decision.ts";
import type { Approval } from "./approval.ts";
import { approvalDigest, argsDigest, sameJson } from "./approval-digest.ts";
import { eventsBetween } from "./approval-events.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { applyClaim } from "./claim.ts";
import { createApproval } from "./create-approval.ts";
import type { Decision, RespondInput } from "./decision.ts";
import { applyCancel, applyEscalation, applyTimeout } from "./lifecycle.ts";
import { applyReassign } from "./reassign.ts";
import type { Stage } from "./stage.ts";

const start = Date.parse("2026-11-20T12:00:00Z");
const tenantId = "acme";
const schema = { type: "object", properties: { amount: { type: "integer", minimum: 0 } }, required: ["amount"] };
const groupMembers = { legal: ["ana", "bo"] };

const people: Viewer[] = [
  { id: "ana", tenantId, groups: ["legal"], role: "reviewer" },
  { id: "bo", tenantId, groups: ["legal", "ops"], role: "reviewer" },
  { id: "cy", tenantId, groups: [], role: "reviewer" },
  { id: "dee", tenantId, groups: ["ops"], role: "reviewer" },
  { id: "root", tenantId, groups: [], role: "admin" },
  { id: "bot", tenantId, groups: ["legal"], role: "requester" },
  { id: "eve", tenantId: "other", groups: ["legal"], role: "admin" },
];
const names = people.map(({ id }) => id);

/** One writer's try: formed on what they saw `lag` changes ago, applied to what there is when their turn comes. */
interface Write {
  who: number;
  lag: number;
  act: "approve" | "edit" | "reject" | "yes" | "no" | "cancel" | "timeout" | "escalate" | "reassign" | "claim";
  amount: number;
  escalation: { users: string[]; replace: boolean };
}

const write: fc.Arbitrary<Write> = fc.record({
  who: fc.nat(people.length - 1),
  lag: fc.nat(2),
  act: fc.constantFrom(
    "approve",
    "approve",
    "approve",
    "edit",
    "edit",
    "yes",
    "reject",
    "no",
    "cancel",
    "timeout",
    "escalate",
    "reassign",
    "claim",
  ),
  amount: fc.integer({ min: -1, max: 2 }),
  escalation: fc.record({ users: fc.subarray(names, { minLength: 1 }), replace: fc.boolean() }),
});

/** They may be who asked: a quorum that would need them is refused. */
const askers = ["cy", "dee"];

const stage = fc
  .record({
    users: fc.subarray(["ana", "bo", "cy", "dee"]),
    groups: fc.subarray(["legal", "ops"]),
    quorum: fc.constantFrom<(number | "all")[]>(1, 1, 2, "all"),
  })
  .map(({ users, groups, quorum }): Stage => {
    const open = users.length + groups.length === 0;
    const most = groups.length > 0 || open ? 9 : Math.max(1, users.filter((user) => !askers.includes(user)).length);
    return { users, groups, quorum: quorum === "all" ? (open ? 1 : quorum) : Math.min(quorum, most) };
  });

const timing = fc.constantFrom<Pick<ApprovalRequest, "timeout" | "onTimeout">[]>(
  { timeout: "1s" },
  { timeout: "1s", onTimeout: "approve" },
  {},
);

const request: fc.Arbitrary<ApprovalRequest> = fc
  .record({
    title: fc.constant("Refund"),
    action: fc.constant({ name: "refund", args: { amount: 1 }, schema }),
    allow: fc.constantFrom<ApprovalRequest["allow"][]>(["approve", "edit", "reject"], ["approve", "reject"], ["edit"]),
    stages: fc.array(stage, { maxLength: 3 }),
    selfApproval: fc.boolean(),
    requestedBy: fc.constantFrom({ id: "cy", kind: "user" as const }, { id: "bot", kind: "agent" as const }),
    timing,
  })
  .map(({ timing, ...asked }) => ({ ...asked, ...timing }));

/** Lets a write have its turn, `turn` seconds after the request. */
function take(history: Approval[], { who, lag, act, amount, escalation }: Write, turn: number): Approval {
  const current = history.at(-1) as Approval;
  const seen = history.at(-1 - lag) ?? (history[0] as Approval);
  const viewer = people[who] as Viewer;
  const now = new Date(start + turn * 1_000).toISOString();
  const { digest } = seen;
  const respond = (input: RespondInput) => {
    const decision = toDecision({ approval: current, input, viewer, id: `dec_${turn}`, now, via: "api" });
    return applyDecision(current, decision, viewer, { groupMembers });
  };
  switch (act) {
    case "approve":
    case "reject":
      return respond({ type: act, digest });
    case "edit":
      return respond({ type: "edit", digest, args: { amount } });
    case "yes":
      return respond({ approved: true });
    case "no":
      return respond({ approved: false });
    case "cancel":
      return applyCancel(current, { now, by: { id: viewer.id } });
    case "timeout":
      return applyTimeout(current, now);
    case "escalate":
      return applyEscalation(current, escalation, now, groupMembers);
    case "reassign":
      return applyReassign(current, { users: escalation.users }, viewer, { now, groupMembers }).approval;
    case "claim":
      return applyClaim(current, {}, viewer, now).approval;
  }
}

/** Everything that an approval was, from its request through the writes that were not refused. */
function play(asked: ApprovalRequest, writes: Write[]): { history: Approval[]; events: NewEvent[] } {
  const facts = { id: "apr_1", tenantId, now: new Date(start).toISOString(), ownerId: "dee" };
  const history = [createApproval(asked, facts)];
  const events = eventsBetween(undefined, history[0] as Approval);
  for (const [turn, write] of writes.entries()) {
    const before = history.at(-1) as Approval;
    try {
      const after = take(history, write, turn);
      events.push(...eventsBetween(before, after));
      if (after !== before) history.push(after);
    } catch (error) {
      if (!(error instanceof HoldpointError)) throw error;
      if (before.status !== "pending") expect(error.code).toBe("already_resolved");
    }
  }
  return { history, events };
}

function holds(property: (history: Approval[], events: NewEvent[]) => void): void {
  fc.assert(
    fc.property(request, fc.array(write, { maxLength: 12 }), (asked, writes) => {
      const { history, events } = play(asked, writes);
      property(history, events);
    }),
    { numRuns: 1_000 },
  );
}

const isYes = ({ type }: Decision) => type === "approve" || type === "edit";

describe("whatever the writers do, and in whatever order", () => {
  test("there is at most one outcome, and nothing happens after it", () => {
    holds((history, events) => {
      const ended = history.filter(({ outcome }) => outcome !== undefined);
      expect(ended.length).toBeLessThanOrEqual(1);
      expect(events.filter(({ type }) => type === "approval.resolved")).toHaveLength(ended.length);
      for (const approval of history.slice(0, -1)) expect(approval.status).toBe("pending");
      for (const { status, outcome, resolvedAt } of history) {
        expect([outcome?.status ?? "pending", resolvedAt !== undefined]).toEqual([status, status !== "pending"]);
      }
    });
  });

  test("nothing is approved without each stage's quorum of distinct people who might decide", () => {
    holds((history) => {
      const last = history.at(-1) as Approval;
      if (last.status !== "approved") return;
      for (const [i, { quorum, users }] of (last.stages.length ? last.stages : [openStage]).entries()) {
        const yes = last.decisions.filter((d) => isYes(d) && d.stage === i && d.revision === last.revision);
        const counted = new Set(yes.map(({ by }) => by.id));
        expect(counted.size).toBeGreaterThanOrEqual(quorum === "all" ? 1 : quorum);
        if (quorum !== "all") continue;
        for (const id of users.filter((user) => last.selfApproval || !isOwner(last, user)))
          expect(counted).toContain(id);
      }
    });
  });

  test("nobody decides who may not", () => {
    holds((history) => {
      for (const [i, after] of history.entries()) {
        const before = history[i - 1];
        const [decision] = before ? after.decisions.slice(before.decisions.length) : [];
        if (!before || !decision || decision.via === "timeout") continue;
        const viewer = people.find(({ id }) => id === decision.by.id) as Viewer;
        const { users, groups } = before.stages[before.stage] ?? openStage;
        const open = users.length + groups.length === 0;
        const asked = open || users.includes(viewer.id) || groups.some((group) => viewer.groups.includes(group));
        expect(viewer.tenantId).toBe(tenantId);
        expect(["reviewer", "admin"]).toContain(viewer.role);
        expect(viewer.role === "admin" || asked).toBe(true);
        expect(before.selfApproval || !isOwner(before, viewer.id)).toBe(true);
        expect(before.allow).toContain(decision.type);
      }
    });
  });

  test("what is executed is what everybody who counts has seen, and fits the schema", () => {
    holds((history) => {
      const last = history.at(-1) as Approval;
      const args = last.outcome?.args;
      if (args === undefined) return;
      expect(last.outcome?.argsDigest).toBe(argsDigest(args));
      expect(jsonSchemaErrors(schema, args)).toEqual([]);
      const counted = last.decisions.filter((decision) => isYes(decision) && decision.revision === last.revision);
      for (const decision of counted) {
        if (decision.type === "edit") expect(decision.args).toEqual(args);
        else if (decision.digest !== null) {
          expect(decision.digest).toBe(approvalDigest({ ...last, action: last.action && { ...last.action, args } }));
        }
      }
    });
  });

  test("the outcome says of arguments that were edited, and of no others, that they were", () => {
    holds((history) => {
      const [first, last] = [history[0] as Approval, history.at(-1) as Approval];
      const { args, edited } = last.outcome ?? {};
      expect(edited).toBe(args !== undefined && !sameJson(args, first.action?.args) ? true : undefined);
    });
  });

  test("reviewers are replaced only by somebody who may decide", () => {
    holds((history) => {
      for (const [i, after] of history.entries()) {
        const before = history[i - 1];
        if (!before || after.escalatedAt === before.escalatedAt) continue;
        const [from, to] = [before, after].map(({ stages }) => stages[before.stage] ?? openStage);
        const replaced = from?.users.some((user) => !to?.users.includes(user));
        if (replaced || after.status !== "pending" || after.stage !== before.stage) {
          expect(to?.users.some((user) => !isBarred(after, user))).toBe(true);
        }
      }
    });
  });

  test("silence executes nothing but what was asked for", () => {
    holds((history) => {
      const [first, last] = [history[0] as Approval, history.at(-1) as Approval];
      if (last.status !== "timed_out") return;
      expect(last.outcome?.approved).toBe(first.onTimeout === "approve" && last.revision === 1);
      expect(last.outcome?.args).toEqual(last.outcome?.approved ? first.action?.args : undefined);
    });
  });

  test("the version counts every change, the revision those of the digest", () => {
    holds((history) => {
      for (const [i, after] of history.entries()) {
        expect(after.version).toBe(i + 1);
        expect(after.digest).toBe(approvalDigest(after));
        const before = history[i - 1];
        if (before) expect(after.revision - before.revision).toBe(after.digest === before.digest ? 0 : 1);
      }
    });
  });

  test("a claim is of somebody who can still decide, and ends with the approval", () => {
    holds((history) => {
      for (const { claimedBy, claimExpiresAt, status, decisions, stage, revision } of history) {
        expect(claimExpiresAt !== undefined).toBe(claimedBy !== undefined);
        if (!claimedBy) continue;
        expect(status).toBe("pending");
        const counted = decisions.filter((d) => d.stage === stage && d.revision === revision && isYes(d));
        expect(counted.map(({ by }) => by.id)).not.toContain(claimedBy.id);
      }
    });
  });

  test("who reassigns doesn't lower the number of people who have to approve", () => {
    holds((history) => {
      for (const [i, after] of history.entries()) {
        const before = history[i - 1];
        if (!before || after.stages === before.stages || after.escalatedAt !== before.escalatedAt) continue;
        const [from, to] = [before.stages[before.stage] ?? openStage, after.stages[before.stage] ?? openStage];
        expect(to.quorum).toBe(from.quorum);
        for (const user of to.users) expect(from.users.includes(user) || !isBarred(after, user)).toBe(true);
      }
    });
  });

  test("the log tells the same story", () => {
    holds((history, events) => {
      const last = history.at(-1) as Approval;
      const told = { status: "pending", stage: 0, revision: 1, digest: "", decisions: 0 };
      for (const { type, data } of events) {
        const fact = data as { digest: string; stage: number; revision: number; outcome: { status: string } };
        if (type === "approval.requested") told.digest = fact.digest;
        if (type === "decision.recorded") told.decisions++;
        if (type === "approval.revised") Object.assign(told, { revision: fact.revision, digest: fact.digest });
        if (type === "approval.stage_opened") told.stage = fact.stage;
        if (type === "approval.resolved") told.status = fact.outcome.status;
      }
      const { status, stage: current, revision, digest, decisions } = last;
      expect(told).toEqual({ status, stage: current, revision, digest, decisions: decisions.length });
    });
  });
});

test("every order of the same writers ends the approval exactly once", () => {
  const writers: Partial<Write>[] = [
    { who: 0, act: "approve" },
    { who: 1, act: "edit", amount: 2 },
    { who: 4, act: "yes" },
    { who: 3, act: "escalate", escalation: { users: ["cy"], replace: false } },
    { act: "timeout" },
    { act: "cancel", who: 5 },
  ];
  const full = writers.map(
    (part): Write => ({
      who: 0,
      lag: 9,
      act: "approve",
      amount: 1,
      escalation: { users: [], replace: false },
      ...part,
    }),
  );
  const asked: ApprovalRequest = {
    title: "Refund",
    action: { name: "refund", args: { amount: 1 }, schema },
    allow: ["approve", "edit", "reject"],
    reviewers: { users: ["ana", "bo"], quorum: 2 },
    timeout: "1ms",
  };
  const endings = permutations(full).map((order) => {
    const { history, events } = play(asked, order);
    expect(events.filter(({ type }) => type === "approval.resolved")).toHaveLength(1);
    return history.at(-1)?.status;
  });
  expect(endings).toHaveLength(720);
  expect(new Set(endings)).toEqual(new Set(["approved", "timed_out", "cancelled"]));
});

describe("the digest", () => {
  const asked: ApprovalRequest = {
    title: "T",
    action: { name: "a", args: { b: 1 } },
    requestedBy: { id: "x", kind: "agent" },
  };
  const facts = { id: "apr_1", tenantId, now: new Date(start).toISOString() };
  const { digest } = createApproval(asked, facts);

  test.each<[keyof ApprovalRequest, ApprovalRequest]>([
    ["title", { ...asked, title: "U" }],
    ["message", { ...asked, message: "M" }],
    ["action", { ...asked, action: { name: "a", args: { b: 2 } } }],
    ["action", { ...asked, action: { name: "c", args: { b: 1 } } }],
    ["content", { ...asked, content: [{ type: "text", text: "T" }] }],
    ["allow", { ...asked, allow: ["approve"] }],
    ["labels", { ...asked, labels: { approve: "Send" } }],
    ["risk", { ...asked, risk: "high" }],
    ["requestedBy", { ...asked, requestedBy: { id: "y", kind: "agent" } }],
    ["source", { ...asked, source: { engine: "e" } }],
    ["tags", { ...asked, tags: ["t"] }],
  ])("changes with what is shown: %s", (_field, changed) => {
    expect(createApproval(changed, facts).digest).not.toBe(digest);
  });

  test("does not change with who decides and until when, nor with the approval's own id", () => {
    const other = { ...asked, reviewers: { users: ["ana"] }, timeout: "1h", metadata: { a: 1 }, key: "k" };
    expect(createApproval(other, { ...facts, id: "apr_2" }).digest).toBe(digest);
  });

  test("does not depend on the order of fields", () => {
    const reordered = {
      requestedBy: { kind: "agent", id: "x" },
      action: { args: { b: 1 }, name: "a" },
      title: "T",
    } as const;
    expect(createApproval(reordered, facts).digest).toBe(digest);
  });
});

const openStage: Stage = { users: [], groups: [], quorum: 1 };

function isOwner({ requestedBy, ownerId }: Approval, id: string): boolean {
  return requestedBy?.id === id || ownerId === id;
}

function isBarred(approval: Approval, id: string): boolean {
  return !approval.selfApproval && isOwner(approval, id);
}

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}
