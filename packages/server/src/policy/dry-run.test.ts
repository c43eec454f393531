// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import { type Approval, type ApprovalRequest, definePolicy, HoldpointError, type Resumer } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createManualClock, startTestHoldpoint } from "../testing.ts";

const picky: Resumer = {
  engine: "picky",
  check: ({ ref }) => (ref === undefined ? "is required" : undefined),
  deliver: async () => "delivered",
};

const policy = definePolicy([
  { name: "small", when: { args: { "/amount": { lt: 10 } } }, then: { approve: true } },
  { name: "abroad", when: { tags: "abroad" }, then: { reject: "By letter" } },
  { name: "large", when: { args: { "/amount": { gt: 99 } } }, then: { require: { risk: "high", timeout: "2h" } } },
  {
    name: "deletions",
    when: { action: "delete" },
    then: { require: { reviewers: { groups: ["legal"], quorum: 2 }, ladder: [{ after: "1h", remind: true }] } },
  },
]);

const request: fc.Arbitrary<ApprovalRequest> = fc.record(
  {
    title: fc.constantFrom("Pay", ""),
    action: fc.record({
      name: fc.constantFrom("pay", "delete"),
      args: fc.record({ amount: fc.constantFrom(5, 50, 500, "5") }),
    }),
    risk: fc.constantFrom("low" as const, "critical" as const),
    reviewers: fc.constantFrom({ users: ["ana"] }, { users: ["ana", "asker"], quorum: 2 }),
    timeout: fc.constantFrom("1h", "3h"),
    onTimeout: fc.constantFrom("approve" as const, "time_out" as const),
    tags: fc.constantFrom([], ["abroad"]),
    source: fc.constantFrom({ engine: "picky" }, { engine: "picky", ref: 1 }),
    key: fc.constant("run_7"),
  },
  { requiredKeys: ["title", "action"] },
);

/** What comes of a call, without what every request has of its own; a dry run delivers nothing. */
async function resultOf(call: Promise<Approval>): Promise<unknown> {
  try {
    const { id: _id, decisions, delivery: _delivery, ...approval } = await call;
    return { ...approval, decisions: decisions.map(({ id: _own, ...decision }) => decision) };
  } catch (error) {
    if (!(error instanceof HoldpointError)) throw error;
    return { code: error.code };
  }
}

test("a dry run says what becomes of a request that is then made, also where it is refused or a grant lets it through", async () => {
  await using server = await startTestHoldpoint({ policy, resumers: [picky], clock: createManualClock() });
  const asker = { id: "asker", tenantId: "default", groups: [], role: "reviewer" as const };
  const { approvals, policy: rules } = server.holdpoint;
  const remembered: ApprovalRequest = { title: "Pay", action: { name: "pay", args: { amount: 50 } } };
  const { id, digest } = await approvals.as(asker).request(remembered);
  const remember = { for: { times: 5 } };
  await approvals.as({ ...asker, id: "ana" }).respond(id, { type: "approve", digest, remember });
  await fc.assert(
    fc.asyncProperty(fc.oneof(request, fc.constant(remembered)), async (asked) => {
      const dry = await resultOf(
        rules
          .as(asker)
          .explain(asked)
          .then(({ approval }) => approval),
      );
      expect(dry).toEqual(await resultOf(approvals.as(asker).request(asked)));
    }),
  );
});
