import { expect, test } from "vitest";
import { filterKey, snapshotFilter } from "./list-filter.ts";

test("filters that make the same list are equal, however they are written", () => {
  expect(filterKey({ status: ["pending"], sort: "-createdAt", limit: 20 })).toBe(filterKey(snapshotFilter));
  expect(filterKey({ risk: ["high", "low"], kind: undefined })).toBe(filterKey({ risk: ["low", "high"] }));
  expect(filterKey({ q: "refund" })).not.toBe(filterKey({ tag: "refund" }));
  expect(filterKey({ sort: "deadlineAt" })).not.toBe(filterKey({}));
});
