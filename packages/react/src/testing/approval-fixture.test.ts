import { expect, test } from "vitest";
import { approvalFixture } from "./approval-fixture.ts";
import { hostileText, longUnbrokenText } from "./hostile-requests.ts";
import { people } from "./people.ts";
import * as samples from "./sample-requests.ts";

const { deleteCustomer, outreachEmail, refund } = samples;

test("the same request and history give the same approval", () => {
  expect(approvalFixture(refund, { age: "6m" })).toEqual(approvalFixture(refund, { age: "6m" }));
});

test("every sample is a request that a server takes, with an id of its own", () => {
  const fixtures = [...Object.values(samples), hostileText, longUnbrokenText].map((request) =>
    approvalFixture(request),
  );
  expect(new Set(fixtures.map(({ id }) => id)).size).toBe(fixtures.length);
});

test("decisions go through the real rules", () => {
  const approve = { by: people.kim, type: "approve" } as const;
  expect(approvalFixture(deleteCustomer, { decisions: [approve] }).status).toBe("pending");
  expect(approvalFixture(outreachEmail, { decisions: [approve] }).stage).toBe(1);
  expect(() => approvalFixture(deleteCustomer, { decisions: [{ ...approve, by: people.avi }] })).toThrow(/role/);
});

test("a claim goes through the real rules, after the decisions", () => {
  const claimed = approvalFixture(refund, { age: "6m", claim: { by: people.mia, ago: "5m", for: "1h" } });
  expect(claimed).toMatchObject({ claimedBy: { id: "mia" }, claimExpiresAt: "2026-11-20T15:02:00.000Z" });
  expect(() => approvalFixture(refund, { claim: { by: people.avi } })).toThrow(/role/);
});

test("a fixture older than its timeout has timed out, a withdrawn one is cancelled", () => {
  expect(approvalFixture(refund, { age: "19m" }).status).toBe("timed_out");
  expect(approvalFixture(refund, { cancelled: true }).status).toBe("cancelled");
});
