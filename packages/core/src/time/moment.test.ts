import { expect, test } from "vitest";
import { momentOf } from "./moment.ts";

test.each([
  ["2026-03-01T09:00:00Z", "2026-03-01T09:00:00.000Z"],
  ["2026-03-01T09:00:00+02:00", "2026-03-01T07:00:00.000Z"],
  [new Date(0), "1970-01-01T00:00:00.000Z"],
])("%s is a moment, in UTC", (value, iso) => {
  expect(momentOf(value, "until")).toBe(iso);
});

test.each([
  ["tomorrow"],
  ["2026-03-01"],
  ["2026-03-01T09:00:00"],
  ["2026-02-30T09:00:00Z"],
  [new Date(Number.NaN)],
  [new Date(8.64e15)],
  [7 as unknown as Date],
])("%s is no moment, and the error names the field", (value) => {
  expect(() => momentOf(value, "until")).toThrow(
    expect.objectContaining({
      code: "invalid_request",
      message: expect.stringMatching(/^until: must be a date/),
      details: [{ pointer: "/until", message: expect.any(String) }],
    }),
  );
});
