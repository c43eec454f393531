import { type Approval, createApproval } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Rows } from "./rows.ts";

const first = createApproval(
  { title: "Refund order 7" },
  { id: "apr_1", tenantId: "acme", now: "2026-01-01T00:00:00.000Z" },
);
const version = (number: number): Approval => ({ ...first, version: number });

test("the newest version stays, in whatever order and however often versions come", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }), (versions) => {
      const rows = new Rows();
      const news = versions.flatMap((number, i) => rows.take([version(number)], i));
      expect(rows.get(first.id)?.version).toBe(Math.max(...versions));
      for (const { before, after } of news) expect(after.version).toBeGreaterThan(before?.version ?? 0);
    }),
  );
});

test("after a snapshot, rows that somebody holds give way to whatever is read next, the others are gone", () => {
  const rows = new Rows();
  rows.take([version(9)], 10);
  rows.take([{ ...first, id: "apr_2" }], 10);
  rows.doubtBefore(20, (id) => id === first.id);
  expect(rows.get("apr_2")).toBeUndefined();
  expect(rows.isDoubtful(first.id)).toBe(true);
  rows.take([version(3)], 21);
  expect(rows.get(first.id)?.version).toBe(3);
});

test("what was read after a snapshot was asked for is not doubted by it", () => {
  const rows = new Rows();
  rows.take([version(2)], 30);
  rows.doubtBefore(20, () => false);
  expect(rows.get(first.id)?.version).toBe(2);
});

test("trimming lets go of the oldest rows, never of those held", () => {
  const rows = new Rows();
  for (let i = 0; i < 10; i++) rows.take([{ ...first, id: `apr_${i}` }], i);
  rows.trim(3, (id) => id === "apr_0");
  expect(["apr_0", "apr_1", "apr_7", "apr_8", "apr_9"].filter((id) => rows.get(id))).toEqual([
    "apr_0",
    "apr_8",
    "apr_9",
  ]);
});
