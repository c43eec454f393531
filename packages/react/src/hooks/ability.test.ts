import {
  type Approval,
  applyDecision,
  createApproval,
  type Decision,
  type DecisionType,
  type Viewer,
} from "@holdpoint/core";
import { expect, test } from "vitest";
import { abilityOf } from "./ability.ts";

const at = "2026-11-20T14:00:00.000Z";
const viewer = (id: string, groups: string[] = []): Viewer => ({ id, tenantId: "acme", groups, role: "reviewer" });
const twoStages = createApproval(
  {
    title: "Send email",
    action: { name: "send_email", args: { to: "ana" } },
    allow: ["approve", "edit", "reject"],
    stages: [{ users: ["kim"] }, { users: ["jo"] }],
    requestedBy: { id: "leo", kind: "user" },
  },
  { id: "apr_1", tenantId: "acme", now: at },
);

function decide(approval: Approval, id: string, type: DecisionType, fields: Partial<Decision> = {}): Approval {
  const { stage, revision, digest } = approval;
  return applyDecision(
    approval,
    { id: "dec_1", type, by: { id }, via: "ui", at, stage, revision, digest, ...fields },
    viewer(id),
  );
}

test("reviewers of the current stage can do what the approval allows", () => {
  expect(abilityOf(twoStages, viewer("kim"))).toEqual({ allow: ["approve", "edit", "reject"], waiting: false });
});

test("everybody else is told why they can't", () => {
  expect(abilityOf(twoStages, viewer("jo")).blocked?.code).toBe("not_a_reviewer");
  expect(abilityOf(twoStages, viewer("leo")).blocked?.code).toBe("self_approval");
});

test("an unknown viewer is offered everything and nothing once it has ended", () => {
  expect(abilityOf(twoStages, undefined).allow).toEqual(["approve", "edit", "reject"]);
  expect(abilityOf(decide(twoStages, "kim", "reject"), undefined).allow).toEqual([]);
});

test("an editor of a later stage waits while the first stage looks at the edit", () => {
  const edited = decide(decide(twoStages, "kim", "approve"), "jo", "edit", { args: { to: "bo" } });
  expect(edited.stage).toBe(0);
  expect(abilityOf(edited, viewer("jo"))).toEqual({ allow: [], waiting: true });
  expect(abilityOf(edited, viewer("kim")).waiting).toBe(false);
});

test("one of two approvals is in: the viewer waits and may still reject", () => {
  const quorum = { ...twoStages, stages: [{ users: ["kim", "jo"], groups: [], quorum: 2 }] };
  expect(abilityOf(decide(quorum, "kim", "approve"), viewer("kim"))).toEqual({ allow: ["reject"], waiting: true });
});
