import type { Approval, Decision, Stage } from "@holdpoint/core";
import { expect, test } from "vitest";
import { stageProgress } from "./stage-progress.ts";

const stage = (fields: Partial<Stage>): Stage => ({ users: [], groups: [], quorum: 1, ...fields });
const approve = (id: string, stage: number): Decision =>
  ({ type: "approve", by: { id }, stage, revision: 1 }) as Decision;
const approvalOf = (stages: Stage[], fields: Partial<Approval> = {}): Approval =>
  ({ stages, stage: 0, revision: 1, status: "pending", decisions: [], ...fields }) as Approval;

test("one yes from anyone asked needs no stages", () => {
  expect(stageProgress(approvalOf([]))).toEqual([]);
  expect(stageProgress(approvalOf([stage({ users: ["ana"] })]))).toEqual([]);
});

test("stages before the current one are done and those after it come next", () => {
  const approval = approvalOf([stage({ name: "Sales" }), stage({ name: "Legal" }), stage({ name: "CEO" })], {
    stage: 1,
    decisions: [approve("kim", 0)],
  });
  const progress = stageProgress(approval);
  expect(progress.map((entry) => entry.standing)).toEqual(["done", "current", "next"]);
  expect(progress[0]?.approvals.map((decision) => decision.by.id)).toEqual(["kim"]);
});

test("a quorum of all counts the people listed, and is open where groups are asked", () => {
  expect(stageProgress(approvalOf([stage({ users: ["a", "b"], quorum: "all" })]))[0]?.needed).toBe(2);
  expect(stageProgress(approvalOf([stage({ groups: ["legal"], quorum: "all" })]))[0]?.needed).toBeUndefined();
  expect(stageProgress(approvalOf([stage({ groups: ["legal"], quorum: 2 })]))[0]?.needed).toBe(2);
});

test("every stage of an approved approval is done", () => {
  expect(stageProgress(approvalOf([stage({ quorum: 2 })], { status: "approved" }))[0]?.standing).toBe("done");
});
