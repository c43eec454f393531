import { expect, test } from "vitest";
import { timeAtWall, wallTime } from "./wall-time.ts";

test("a point in time is shown as the clocks of the zone show it, and read back", () => {
  expect(wallTime("2026-10-02T10:00:00Z", "Asia/Tokyo")).toBe("2026-10-02T19:00");
  expect(wallTime("2026-10-02T12:00:00+02:00", "America/New_York")).toBe("2026-10-02T06:00");
  expect(wallTime("2026-10-02T10:00:30.250Z", "UTC")).toBe("2026-10-02T10:00:30.250");
  expect(timeAtWall("2026-10-02T19:00", "Asia/Tokyo")).toBe("2026-10-02T10:00:00.000Z");
  expect(timeAtWall("2026-10-02T06:00", "America/New_York")).toBe("2026-10-02T10:00:00.000Z");
  expect(timeAtWall("2026-10-02T15:45:30", "Asia/Kathmandu")).toBe("2026-10-02T10:00:30.000Z");
});

test("the hours around a change of the clocks are told apart", () => {
  for (const iso of ["2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z", "2026-10-25T02:30:00.000Z"]) {
    expect(timeAtWall(wallTime(iso, "Europe/Madrid") ?? "", "Europe/Madrid")).toBe(iso);
  }
});

test("what is no time is none", () => {
  expect(wallTime("soon", "UTC")).toBeUndefined();
  expect(timeAtWall("", "UTC")).toBeUndefined();
});
