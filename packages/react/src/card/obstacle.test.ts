import type { Approval, DecisionInput, Risk } from "@holdpoint/core";
import { expect, test } from "vitest";
import { obstacleTo } from "./obstacle.ts";

const approvalOf = (risk: Risk): Approval =>
  ({ risk, action: { name: "pay", args: { amount: 5 } } }) as unknown as Approval;
const response = (fields: Partial<DecisionInput>): DecisionInput => ({ type: "approve", digest: "d", ...fields });

test("what is risky has to be unfolded before a yes", () => {
  expect(obstacleTo(approvalOf("high"), response({}), 2)).toEqual({ reason: "expand", folded: 2 });
  expect(obstacleTo(approvalOf("high"), response({}), 0)).toBeUndefined();
  expect(obstacleTo(approvalOf("medium"), response({}), 2)).toBeUndefined();
});

test("what is critical needs a comment", () => {
  expect(obstacleTo(approvalOf("critical"), response({}), 0)?.reason).toBe("comment");
  expect(obstacleTo(approvalOf("critical"), response({ comment: "checked" }), 0)).toBeUndefined();
});

test("an edit has to change something", () => {
  expect(obstacleTo(approvalOf("low"), response({ type: "edit", args: { amount: 5 } }), 0)?.reason).toBe("unchanged");
  expect(obstacleTo(approvalOf("low"), response({ type: "edit", args: { amount: 6 } }), 0)).toBeUndefined();
});

test("nothing is in the way of a no", () => {
  expect(obstacleTo(approvalOf("critical"), response({ type: "reject" }), 9)).toBeUndefined();
});
