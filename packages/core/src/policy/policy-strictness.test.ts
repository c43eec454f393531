// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyDecision, toDecision } from "../approval/apply-decision.ts";
import type { Approval, Risk } from "../approval/approval.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import { applyTimeout } from "../approval/lifecycle.ts";
import { HoldpointError } from "../error.ts";
import { mergedLadder } from "../time/ladder.ts";
import type { Viewer } from "../viewer.ts";
import { rulingOnEdit } from "./edit-ruling.ts";
import { applyRuling, createRuledApproval } from "./evaluate-policy.ts";
import { definePolicy, type Policy, type PolicyRule, type Requirement } from "./policy.ts";

const now = "2026-11-20T12:00:00.000Z";
const facts = { id: "apr_1", tenantId: "acme", now, ownerId: "dee" };
const risks: Risk[] = ["low", "medium", "high", "critical"];

const people: Viewer[] = [
  { id: "ana", tenantId: "acme", groups: ["legal"], role: "reviewer" },
  { id: "bo", tenantId: "acme", groups: ["legal", "ops"], role: "reviewer" },
  { id: "cy", tenantId: "acme", groups: [], role: "reviewer" },
  { id: "dee", tenantId: "acme", groups: ["ops"], role: "reviewer" },
  { id: "root", tenantId: "acme", groups: [], role: "admin" },
];

const asker = people.filter(({ id }) => id === facts.ownerId);

const reviewers = fc.constantFrom<ApprovalRequest["reviewers"][]>(
  {},
  { quorum: 2 },
  { users: ["ana", "dee"], quorum: "all" },
  { users: ["ana", "bo", "cy"], quorum: 2 },
  { groups: ["legal"] },
  { groups: ["ops"], quorum: 2 },
);
const stages = fc.array(reviewers, { maxLength: 2 }).map((all) => all.map((one) => one ?? {}));
const timeout = fc.constantFrom(undefined, "1m", "1h", "1d");
const remind = fc.constantFrom({ after: "1h", remind: true } as const, { after: "2h", remind: true } as const);

const ladder = fc.array(remind, { maxLength: 2 });

const request: fc.Arbitrary<ApprovalRequest> = fc
  .record({
    title: fc.constant("Refund"),
    action: fc.constantFrom({ name: "refund", args: { amount: 1 } }, { name: "refund", args: { amount: "many" } }),
    risk: fc.constantFrom(...risks),
    stages,
    selfApproval: fc.boolean(),
    timeout,
    onTimeout: fc.constantFrom<ApprovalRequest["onTimeout"][]>("time_out", "approve", "reject"),
    ladder,
  })
  .map((asked) => ({ ...asked, ladder: mergedLadder(asked.ladder, asked.timeout) }))
  .map((asked) => (asked.timeout ? asked : { ...asked, onTimeout: "time_out" }));

const requirement: fc.Arbitrary<Requirement> = fc
  .record(
    {
      risk: fc.constantFrom(...risks),
      stages,
      timeout: fc.constantFrom("1m", "1h", "1d"),
      onTimeout: fc.constantFrom("time_out" as const, "reject" as const),
      ladder,
    },
    { requiredKeys: [] },
  )
  .map((required) =>
    required.ladder ? { ...required, ladder: mergedLadder(required.ladder, required.timeout) } : required,
  )
  .filter((required) => Object.keys(required).length > 0);

const broken = () => {
  throw new Error("broken");
};

const brokenForTen: PolicyRule["when"] = ({ action }) => JSON.stringify(action?.args) === '{"amount":10}' && broken();

const when = fc.constantFrom<PolicyRule["when"][]>(
  {},
  { action: "refund" },
  { risk: ["low", "medium"] },
  { args: { "/amount": { lt: 5 } } },
  { args: { "/amount": { gt: 5 } } },
  { risk: ["low", "medium"], args: { "/amount": { gt: 5 } } },
  broken,
  brokenForTen,
);
const strict: fc.Arbitrary<Omit<PolicyRule, "name">> = fc.record({
  when,
  then: fc.oneof(
    requirement.map((required) => ({ require: required })),
    fc.constant({ reject: "No" }),
  ),
});
const any: fc.Arbitrary<Omit<PolicyRule, "name">> = fc.oneof(
  strict,
  fc.record({ when, then: fc.constant({ approve: true } as const) }),
);

function ruled(asked: ApprovalRequest, rules: Omit<PolicyRule, "name">[]): Approval {
  const { approval, ruling } = createRuledApproval(asked, facts, policyOf(rules));
  return applyRuling(approval, ruling);
}

function policyOf(rules: Omit<PolicyRule, "name">[]): Policy {
  return definePolicy(rules.map((rule, i) => ({ ...rule, name: `rule ${i}` })));
}

/** Whether it is approved once these people have said yes as often as they are asked. */
function approvedBy(approval: Approval, who: readonly Viewer[]): boolean {
  let current = approval;
  const turns = Array.from({ length: approval.stages.length + 1 }, () => who).flat();
  for (const [i, viewer] of turns.entries()) {
    const input = { type: "approve", digest: current.digest } as const;
    try {
      current = applyDecision(
        current,
        toDecision({ approval: current, input, viewer, id: `dec_${i}`, now, via: "ui" }),
        viewer,
      );
    } catch (error) {
      if (!(error instanceof HoldpointError)) throw error;
    }
  }
  return current.outcome?.approved ?? false;
}

/** Whether it is approved when nobody answers until `at`. */
function approvedBySilence(approval: Approval, at: number): boolean {
  if (approval.status !== "pending") return approval.outcome?.approved ?? false;
  if (approval.deadlineAt === undefined || Date.parse(approval.deadlineAt) > at) return false;
  return applyTimeout(approval, new Date(at).toISOString()).outcome?.approved ?? false;
}

test("a rule that rejects or requires never makes the result more permissive, wherever it is put", () => {
  const turns = fc.subarray(people);
  fc.assert(
    fc.property(request, fc.array(any, { maxLength: 4 }), strict, fc.nat(4), turns, (asked, rules, more, at, who) => {
      const before = ruled(asked, rules);
      const after = ruled(asked, rules.toSpliced(at, 0, more));
      if (before.status === "rejected") expect(after.status).toBe("rejected");
      if (before.status === "pending") expect(after.status).not.toBe("approved");
      // Where a rule requires reviewers, "all" stands for all but whoever asked, who said yes by asking.
      if (approvedBy(after, who)) expect(approvedBy(before, [...who, ...asker])).toBe(true);
      for (const hours of [0, 1, 2, 48]) {
        const then = Date.parse(now) + hours * 3_600_000;
        if (approvedBySilence(after, then)) expect(approvedBySilence(before, then)).toBe(true);
      }
      expect(risks.indexOf(after.risk)).toBeGreaterThanOrEqual(risks.indexOf(before.risk));
      if (before.deadlineAt)
        expect(Date.parse(after.deadlineAt ?? "")).toBeLessThanOrEqual(Date.parse(before.deadlineAt));
    }),
    { numRuns: 700 },
  );
});

test("whatever the other rules say, a rule that fails leaves the decision to others than whoever asked", () => {
  const rules = fc.array(any, { maxLength: 3 });
  fc.assert(
    fc.property(request, rules, fc.boolean(), (asked, rules, asksAsOwner) => {
      const id = asksAsOwner ? "bot" : facts.ownerId;
      const own: ApprovalRequest = { ...asked, requestedBy: { id, kind: "user" } };
      const ruling = ruled(own, [...rules, { when: broken, then: { require: { risk: "low" } } }]);
      expect(ruling.status).not.toBe("approved");
      expect(approvedBy(ruling, asker)).toBe(false);
      expect(approvedBySilence(ruling, Date.parse(now) + 48 * 3_600_000)).toBe(false);
    }),
  );
});

test("what is approved after an edit is approved by no fewer than if it had been asked for so", () => {
  const turns = fc.subarray(people);
  const amount = fc.constantFrom(1, 10, "many");
  fc.assert(
    fc.property(request, fc.array(any, { maxLength: 4 }), amount, turns, (asked, rules, amount, who) => {
      const before = ruled(asked, rules);
      const action = { name: "refund", args: { amount } };
      const edited = { ...before, action };
      if (before.status !== "pending" || rulingOnEdit(policyOf(rules), edited, { now, by: facts.ownerId }).refusal)
        return;
      const direct = ruled({ ...asked, action }, rules);
      expect(direct.status).not.toBe("rejected");
      expect(risks.indexOf(edited.risk)).toBeGreaterThanOrEqual(risks.indexOf(direct.risk));
      if (approvedBy(edited, who)) expect(approvedBy(direct, [...who, ...asker])).toBe(true);
      if (approvedBy(edited, asker) && direct.status === "pending") expect(approvedBy(direct, asker)).toBe(true);
    }),
    { numRuns: 700 },
  );
});

test("the order of rules changes nothing but the order of stages and the rule that is named", () => {
  const timeless = ({ stages: _stages, decisions: _decisions, policy: _policy, ...rest }: Approval) => rest;
  fc.assert(
    fc.property(request, fc.array(any, { maxLength: 4 }), (asked, rules) => {
      const [one, other] = [ruled(asked, rules), ruled(asked, rules.toReversed())];
      expect(timeless({ ...one, outcome: undefined })).toEqual(timeless({ ...other, outcome: undefined }));
    }),
  );
});
