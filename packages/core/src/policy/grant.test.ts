// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDecision, toDecision } from "../approval/apply-decision.ts";
import type { Approval } from "../approval/approval.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import { createApproval } from "../approval/create-approval.ts";
import { applyEscalation } from "../approval/lifecycle.ts";
import { applyReassign } from "../approval/reassign.ts";
import type { Viewer } from "../viewer.ts";
import { createRuledApproval } from "./evaluate-policy.ts";
import { type Grant, grantOf, grantScopes, isCovered, scopeOf } from "./grant.ts";
import { definePolicy } from "./policy.ts";
import type { Remember } from "./remember.ts";

const now = "2026-11-20T12:00:00.000Z";
const facts = { id: "apr_1", tenantId: "acme", now, ownerId: "owner" };
const ana: Viewer = { id: "ana", tenantId: "acme", groups: ["legal"], role: "reviewer" };

const email: ApprovalRequest = {
  title: "Send email",
  action: { name: "email.send", args: { to: "bo" } },
  allow: ["approve", "edit", "reject"],
  requestedBy: { id: "agent", kind: "agent" },
  source: { engine: "holdpoint", workflow: "outreach", runId: "run_1", gate: "send" },
};

/** What Ana's approval, or her edit to `args`, gives. */
function given(request: ApprovalRequest, remember: Remember, args?: { to: string }, policy = definePolicy([])) {
  return givenWith(createRuledApproval(request, facts, policy).approval, remember, args);
}

function givenWith(before: Approval, remember: Remember, args?: { to: string }) {
  const { digest } = before;
  const input = args ? ({ type: "edit", digest, args } as const) : ({ type: "approve", digest } as const);
  const decision = toDecision({ approval: before, input, viewer: ana, id: "dec_1", now, via: "ui" });
  const after = applyDecision(before, decision, ana);
  const grant = grantOf({ id: "gra_1", before, after, decision, remember });
  return { grant, scope: scopeOf(grant, before) };
}

/** Whether a grant lets a later request through. */
function lets(
  { grant, scope }: ReturnType<typeof given>,
  request: ApprovalRequest,
  later: Partial<Grant> = {},
  at = now,
) {
  const approval = createApproval(request, { ...facts, id: "apr_2", now: at });
  return grantScopes(approval).includes(scope) && isCovered(approval, { ...grant, ...later });
}

const to = (name: string): ApprovalRequest => ({ ...email, action: { name: "email.send", args: { to: name } } });
const ofRun = (runId: string): ApprovalRequest => ({
  ...email,
  source: { engine: "holdpoint", workflow: "outreach", runId },
});

describe("a grant", () => {
  test("is for exactly the same arguments, unless it is for the action", () => {
    expect(lets(given(email, { for: "1h" }), email)).toBe(true);
    expect(lets(given(email, { for: "1h" }), to("cy"))).toBe(false);
    expect(lets(given(email, { for: "1h", match: "action" }), to("cy"))).toBe(true);
  });

  test("of an edit is for the edited arguments only", () => {
    const edited = given(email, { for: "1h" }, { to: "cy" });
    expect([lets(edited, email), lets(edited, to("cy"))]).toEqual([false, true]);
  });

  test.each<[string, ApprovalRequest]>([
    ["another action", { ...email, action: { name: "email.delete", args: { to: "bo" } } }],
    ["another requester", { ...email, requestedBy: { id: "other", kind: "agent" } }],
    ["another workflow", { ...email, source: { engine: "holdpoint", workflow: "other", runId: "run_1" } }],
    ["another engine", { ...email, source: { engine: "other", workflow: "outreach", runId: "run_1" } }],
    ["other reviewers", { ...email, reviewers: { groups: ["board"] } }],
    ["a higher risk", { ...email, risk: "high" }],
    ["critical risk", { ...email, risk: "critical" }],
    ["a question", { kind: "question", title: "Who?", requestedBy: { id: "agent", kind: "agent" } }],
    ["what may only be edited", { ...email, allow: ["edit", "reject"] }],
  ])("doesn't reach %s", (_what, request) => {
    expect(lets(given(email, { for: "1h", match: "action" }), request)).toBe(false);
  });

  test("for a run is for no other run", () => {
    expect(lets(given(email, { for: "run" }), ofRun("run_1"))).toBe(true);
    expect(lets(given(email, { for: "run" }), ofRun("run_2"))).toBe(false);
    expect(lets(given(email, { for: "1h" }), ofRun("run_2"))).toBe(true);
  });

  test.each<Remember["for"]>(["run", "1h", { times: 5 }])(
    "that a run was given for %j is for nobody who asks in the run's name",
    (extent) => {
      const asked = { ...email, key: "run_1:send" };
      const grant = given(asked, { for: extent, match: "action" });
      expect(lets(grant, { ...asked, key: "run_1:send #2" })).toBe(true);
      expect(lets(grant, email)).toBe(false);
      expect(lets(grant, { ...email, key: "run_2:send" })).toBe(false);
    },
  );

  test("is for no other owner's requests", () => {
    const { grant, scope } = given(email, { for: "1h", match: "action" });
    const scopesOf = (ownerId: string) => grantScopes(createApproval(email, { ...facts, ownerId }));
    expect([grant.ownerId, scopesOf("owner").includes(scope)]).toEqual(["owner", true]);
    expect(scopesOf("other")).not.toContain(scope);
  });

  test("comes of what is open to everybody also after the ladder has told some", () => {
    for (const stages of [undefined, [{}]]) {
      const asked = createApproval({ ...email, stages }, facts);
      const escalated = applyEscalation(asked, { users: ["boss"] }, now);
      expect(lets(givenWith(escalated, { for: "1h" }), { ...email, stages })).toBe(true);
    }
  });

  test("ends with its time, at the latest after 30 days", () => {
    const hour = given(email, { for: "1h" });
    expect(lets(hour, email, {}, "2026-11-20T12:59:59.999Z")).toBe(true);
    expect(lets(hour, email, {}, "2026-11-20T13:00:00.000Z")).toBe(false);
    for (const extent of ["400d", "run", { times: 10 }] as const) {
      expect(given(email, { for: extent }).grant.expiresAt).toBe("2026-12-20T12:00:00.000Z");
    }
  });

  test("ends when it is used up or revoked", () => {
    const twice = given(email, { for: { times: 2 } });
    expect([0, 1, 2].map((uses) => lets(twice, email, { uses }))).toEqual([true, true, false]);
    expect(lets(twice, email, { revokedAt: now })).toBe(false);
  });

  test("never lets critical risk through, whatever it says itself", () => {
    expect(lets(given(email, { for: "1h" }), { ...email, risk: "critical" }, { risk: "critical" })).toBe(false);
  });

  test("lets nothing through that is its giver's own", () => {
    const grant = given(email, { for: "1h" });
    for (const id of ["agent", "owner"]) expect(lets(grant, email, { by: { id } })).toBe(false);
  });

  test("stands back where a policy is stricter or has failed", () => {
    const { grant } = given(email, { for: "1h" });
    const stricter = definePolicy([{ name: "high", when: {}, then: { require: { risk: "low" } } }]);
    expect(isCovered(createRuledApproval(email, facts, stricter).approval, grant)).toBe(false);
    const bad = definePolicy([{ name: "bad", when: (() => 1) as unknown as () => boolean, then: { approve: true } }]);
    expect(isCovered(createRuledApproval(email, facts, bad).approval, grant)).toBe(false);
  });
});

describe("a decision can't be remembered", () => {
  const always: Remember = { for: "1h" };
  const wary = definePolicy([{ name: "wary", when: {}, then: { require: { timeout: "1h" } } }]);

  const bo: Viewer = { ...ana, id: "bo" };
  const toAna: ApprovalRequest = { ...email, reviewers: { users: ["ana"] } };
  const toBo: ApprovalRequest = { ...email, reviewers: { users: ["bo"] } };

  /** What the approval of the only member of a group gives. */
  const wholeGroup = () => {
    const before = createApproval({ ...email, reviewers: { groups: ["legal"], quorum: "all" } }, facts);
    const input = { type: "approve", digest: before.digest } as const;
    const decision = toDecision({ approval: before, input, viewer: ana, id: "dec_1", now, via: "ui" });
    const after = applyDecision(before, decision, ana, { groupMembers: { legal: ["ana"] } });
    expect(after.status).toBe("approved");
    return grantOf({ id: "gra_1", before, after, decision, remember: always });
  };

  /** What Ana's approval gives when Bo has approved before. */
  const second = (request: ApprovalRequest) => {
    const asked = createApproval(request, facts);
    const yes = (approval: Approval, viewer: Viewer) => {
      const input = { type: "approve", digest: approval.digest } as const;
      return toDecision({ approval, input, viewer, id: `dec_${viewer.id}`, now, via: "ui" });
    };
    const before = applyDecision(asked, yes(asked, bo), bo);
    const decision = yes(before, ana);
    return grantOf({ id: "gra_1", before, after: applyDecision(before, decision, ana), decision, remember: always });
  };

  test.each<[string, () => unknown, string]>([
    ["by the second of two", () => second({ ...email, reviewers: { quorum: 2 } }), "more than your own"],
    ["at the last of several stages", () => second({ ...email, stages: [{}, {}] }), "more than your own"],
    ["where all of a group decide", () => wholeGroup(), "more than your own"],
    [
      "of what may only be edited",
      () => given({ ...email, allow: ["edit", "reject"] }, always, { to: "cy" }),
      "can't be approved",
    ],
    ["under a quorum", () => given({ ...email, reviewers: { quorum: 2 } }, always), "more than your own"],
    ["over several stages", () => given({ ...email, stages: [{}, {}] }, always), "more than your own"],
    ["at critical risk", () => given({ ...email, risk: "critical" }, always), "critical"],
    ["where a policy wants people", () => given(email, always, undefined, wary), "policy"],
    [
      "by who asked",
      () => given({ ...email, selfApproval: true, requestedBy: { id: "ana", kind: "user" } }, always),
      "your own",
    ],
    [
      "after an escalation",
      () => givenWith(applyEscalation(createApproval(toAna, facts), { users: ["boss"] }, now), always),
      "its reviewers have changed",
    ],
    [
      "after a hand-over",
      () => givenWith(applyReassign(createApproval(toBo, facts), { users: ["ana"] }, bo, { now }).approval, always),
      "its reviewers have changed",
    ],
    ["without an action", () => given({ title: "Go on?" }, always), "no action"],
    ["for a run where there is none", () => given({ ...email, source: undefined }, { for: "run" }), "no run"],
    ["for all arguments after an edit", () => given(email, { ...always, match: "action" }, { to: "cy" }), "edited"],
  ])("%s", (_when, give, says) => {
    expect(give).toThrow(
      expect.objectContaining({ code: "decision_not_allowed", message: expect.stringContaining(says) }),
    );
  });
});

test("whatever is granted, a grant that isn't for the action never lets other arguments through", () => {
  const remember = fc.constantFrom<Remember[]>({ for: "run" }, { for: "1d" }, { for: { times: 3 } });
  const name = fc.constantFrom("bo", "cy", "dee");
  fc.assert(
    fc.property(remember, name, fc.option(name, { nil: undefined }), name, (extent, asked, edited, later) => {
      const grant = given(to(asked), extent, edited === undefined ? undefined : { to: edited });
      expect(lets(grant, to(later))).toBe(later === (edited ?? asked));
    }),
  );
});
