import { expect, test } from "vitest";
import { NotApprovedError } from "./not-approved-error.ts";

const review = {
  status: "rejected",
  approved: false,
  approvalId: "apr_1",
  decidedBy: [{ id: "bo" }],
  escalated: false,
  at: "2026-01-01T00:00:00.000Z",
} as const;

test("carries how the approval ended", () => {
  expect(new NotApprovedError({ ...review, decidedBy: [...review.decidedBy] }).outcome).toEqual(review);
});

test.each<[what: string, change: object]>([
  ["nobody who decided", { decidedBy: undefined }],
  ["no approval", { approvalId: undefined }],
  ["no time", { at: undefined }],
  ["what can't be stored", { reason: 1n }],
  ["a yes", { status: "approved" }],
])("refuses a review with %s, which no run could be stored with", (_what, change) => {
  const made = { ...review, ...change } as unknown as ConstructorParameters<typeof NotApprovedError>[0];
  expect(() => new NotApprovedError(made)).toThrow(TypeError);
});
