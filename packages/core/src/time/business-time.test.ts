import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createApproval } from "../approval/create-approval.ts";
import type { BusinessHours } from "./business-hours.ts";
import { businessTimeAfter } from "./business-time.ts";
import { durationMs } from "./duration.ts";

const berlin: BusinessHours = { timeZone: "Europe/Berlin", days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" };
const always = { days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" };
const after = (hours: BusinessHours, from: string, duration: string) => {
  const moment = businessTimeAfter(hours, Date.parse(from), durationMs(duration));
  return moment === undefined ? undefined : new Date(moment).toISOString();
};

test.each<[what: string, hours: BusinessHours, from: string, duration: string, expected: string]>([
  ["within a day", berlin, "2026-11-20T09:00:00Z", "2h", "2026-11-20T11:00:00.000Z"],
  ["up to closing time", berlin, "2026-11-20T08:00:00Z", "8h", "2026-11-20T16:00:00.000Z"],
  ["over a weekend", berlin, "2026-11-20T15:00:00Z", "2h", "2026-11-23T09:00:00.000Z"],
  ["from before opening", berlin, "2026-11-20T03:00:00Z", "1h", "2026-11-20T09:00:00.000Z"],
  ["from a Saturday", berlin, "2026-11-21T12:00:00Z", "1h", "2026-11-23T09:00:00.000Z"],
  ["over a week", berlin, "2026-11-20T08:00:00Z", "40h", "2026-11-26T16:00:00.000Z"],
  [
    "over holidays",
    { ...berlin, holidays: ["2026-12-24", "2026-12-25"] },
    "2026-12-23T15:00:00Z",
    "2h",
    "2026-12-28T09:00:00.000Z",
  ],
  ["over the change to summer time", berlin, "2026-03-27T15:00:00Z", "2h", "2026-03-30T08:00:00.000Z"],
  ["over the change to winter time", berlin, "2026-10-23T14:00:00Z", "2h", "2026-10-26T09:00:00.000Z"],
  [
    "through the night of the change to summer time: 23 hours",
    { ...always, timeZone: "Europe/Berlin", days: [7] },
    "2026-03-28T12:00:00Z",
    "23h",
    "2026-03-29T22:00:00.000Z",
  ],
  [
    "through the night of the change to winter time: 25 hours",
    { ...always, timeZone: "Europe/Berlin", days: [7] },
    "2026-10-24T12:00:00Z",
    "25h",
    "2026-10-25T23:00:00.000Z",
  ],
  [
    "from a time that the clock leaves out",
    { ...always, timeZone: "America/New_York", from: "02:30" },
    "2026-03-08T00:00:00-05:00",
    "1h",
    "2026-03-08T08:30:00.000Z",
  ],
  [
    "from a time that comes twice",
    { ...always, timeZone: "America/New_York", from: "01:30" },
    "2026-11-01T00:00:00-04:00",
    "1h",
    "2026-11-01T06:30:00.000Z",
  ],
  [
    "half an hour off",
    { ...berlin, timeZone: "Asia/Kolkata" },
    "2026-11-20T00:00:00Z",
    "1h",
    "2026-11-20T04:30:00.000Z",
  ],
  [
    "three quarters of an hour off",
    { ...berlin, timeZone: "Asia/Kathmandu" },
    "2026-11-20T00:00:00Z",
    "1h",
    "2026-11-20T04:15:00.000Z",
  ],
  [
    "where summer time is half an hour, in the other half of the year",
    { ...berlin, timeZone: "Australia/Lord_Howe" },
    "2026-10-02T05:30:00Z",
    "2h",
    "2026-10-04T23:00:00.000Z",
  ],
  [
    "on the local date, not that of UTC",
    { ...berlin, timeZone: "Pacific/Auckland" },
    "2026-11-22T19:30:00Z",
    "1h",
    "2026-11-22T21:00:00.000Z",
  ],
])("business hours are counted %s", (_what, hours, from, duration, expected) => {
  expect(after(hours, from, duration)).toBe(expected);
});

test("an hour a week is enough, no hour in ten years is not", () => {
  const hour = { timeZone: "UTC", days: [1], from: "09:00", to: "10:00" };
  expect(after(hour, "2026-01-01T00:00:00Z", "3h")).toBe("2026-01-19T10:00:00.000Z");
  expect(after(hour, "2026-01-01T00:00:00Z", "600h")).toBeUndefined();
});

const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];

test("the end is later the longer it takes, and counts in steps what it counts at once", () => {
  const hours = fc.record({
    timeZone: fc.constantFrom(...zones),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    from: fc.constantFrom("00:00", "02:15", "09:00"),
    to: fc.constantFrom("09:30", "17:00", "24:00"),
  });
  const day = 86_400_000;
  const start = Date.parse("2026-01-01T00:00:00Z");
  fc.assert(
    fc.property(
      hours,
      fc.nat(365 * day),
      fc.integer({ min: 1, max: 4 * day }),
      fc.nat(4 * day),
      (office, from, a, b) => {
        const first = businessTimeAfter(office, start + from, a) ?? Number.NaN;
        expect(first).toBeGreaterThanOrEqual(start + from + a);
        expect(businessTimeAfter(office, first, b || 1)).toBe(businessTimeAfter(office, start + from, a + (b || 1)));
      },
    ),
    { numRuns: 300 },
  );
});

describe("an approval with business hours", () => {
  const facts = { id: "apr_1", tenantId: "acme", now: "2026-11-20T15:00:00.000Z" };
  const ladder = [
    { after: "10h", escalate: { users: ["bo"] } },
    { after: "2h", remind: true as const },
  ];

  test("has its ladder and its deadline inside them", () => {
    const approval = createApproval({ title: "T", ladder, timeout: "20h", businessHours: berlin }, facts);
    expect(approval.businessHours).toEqual(berlin);
    expect(approval.deadlineAt).toBe("2026-11-25T11:00:00.000Z");
    expect(approval.ladder).toEqual([
      { ...ladder[1], at: "2026-11-23T09:00:00.000Z" },
      { ...ladder[0], at: "2026-11-24T09:00:00.000Z" },
    ]);
  });

  test("is refused when they don't come within ten years", () => {
    const hours = { ...berlin, days: [1], to: "09:01" };
    const request = (times: object) => () => createApproval({ title: "T", ...times, businessHours: hours }, facts);
    const pointer = (at: string) => expect.objectContaining({ details: [expect.objectContaining({ pointer: at })] });
    expect(request({ timeout: "24h" })).toThrow(pointer("/timeout"));
    expect(request({ ladder })).toThrow(pointer("/ladder/0/after"));
  });
});
