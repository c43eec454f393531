import fc from "fast-check";
import { expect, test } from "vitest";
import type { Viewer } from "../viewer.ts";
import type { Approval } from "./approval.ts";
import { compareApprovals, listPage } from "./approval-list.ts";
import type { ApprovalQuery, ApprovalSort } from "./approval-query.ts";
import { createApproval } from "./create-approval.ts";

const viewer: Viewer = { id: "ana", tenantId: "acme", groups: [], role: "reviewer" };
const sort = fc.constantFrom<ApprovalSort[]>("-createdAt", "createdAt", "deadlineAt", "-updatedAt");

const approvals: fc.Arbitrary<Approval[]> = fc
  .array(fc.record({ hour: fc.nat(3), timeout: fc.constantFrom(undefined, "1h", "2h") }), { maxLength: 12 })
  .map((specs) =>
    specs.map(({ hour, timeout }, i) =>
      createApproval(
        { title: `No. ${i}`, timeout },
        { id: `apr_${String(i).padStart(2, "0")}`, tenantId: "acme", now: `2026-11-20T0${hour}:00:00.000Z` },
      ),
    ),
  );

test("pages of any size follow each other to the whole list, in its order", () => {
  fc.assert(
    fc.property(approvals, sort, fc.integer({ min: 1, max: 5 }), (all, order, limit) => {
      const seen: Approval[] = [];
      let query: ApprovalQuery | undefined = { sort: order, limit };
      while (query) {
        const { items, nextCursor }: ReturnType<typeof listPage> = listPage(all, query, viewer);
        seen.push(...items);
        query = nextCursor === undefined ? undefined : { sort: order, limit, cursor: nextCursor };
      }
      expect(seen).toEqual(all.toSorted(compareApprovals(order)));
    }),
  );
});

test.each(["", "nonsense", "%", "[]", encodeURIComponent('["createdAt","a","b"]')])("%j is not a cursor", (cursor) => {
  expect(() => listPage([], { cursor }, viewer)).toThrow(
    expect.objectContaining({ code: "invalid_request", message: expect.stringContaining("cursor: ") }),
  );
});

test("a search finds all its words in title, message and action, in any order and case", () => {
  const approval = createApproval(
    { title: "Refund ÄPFEL", message: "The parcel was lost", action: { name: "refund.create", args: {} } },
    { id: "apr_1", tenantId: "acme", now: "2026-11-20T00:00:00.000Z" },
  );
  const found = (q: string) => listPage([approval], { q }, viewer).items.length === 1;
  expect(["LOST refund", "äpfel", "refund.create", "  ", "parcel  was"].map(found)).toEqual(Array(5).fill(true));
  expect(["refund order", "%", "_"].map(found)).toEqual(Array(3).fill(false));
});
