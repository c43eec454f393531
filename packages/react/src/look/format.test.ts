import { afterEach, expect, test, vi } from "vitest";
import { createFormat } from "./format.ts";

const english = createFormat("en-GB", "Europe/Madrid");
const noon = Date.parse("2026-11-20T12:00:00Z");

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  [["de-DE", "en-GB", "en-US"], "en-GB"],
  [["de-DE", "fr"], "en"],
  [[], "en"],
])("a reader of %j gets formats that go with the English texts: %s", (languages, locale) => {
  vi.stubGlobal("navigator", { languages });
  expect(createFormat().locale).toBe(locale);
});

test("without a browser the formats are English", () => {
  vi.stubGlobal("navigator", undefined);
  expect(createFormat().locale).toBe("en");
});

test("a given locale wins over the browser's", () => {
  vi.stubGlobal("navigator", { languages: ["en-GB"] });
  expect(createFormat("de").locale).toBe("de");
});

test("times are shown in the time zone, days without one as written", () => {
  expect(english.time("2026-11-20T23:30:00Z")).toBe("0:30");
  expect(english.date("2026-11-20T23:30:00Z")).toBe("21 Nov 2026");
  expect(createFormat("en-GB", "America/Los_Angeles").date("2026-11-20")).toBe("20 Nov 2026");
});

test("how long ago is told in the largest unit that fits", () => {
  const ago = (ms: number) => createFormat("de").relative(new Date(noon - ms).toISOString(), noon);
  expect(ago(20_000)).toBe("jetzt");
  expect(ago(119_999)).toBe("vor 2 Min.");
  expect(ago(3 * 3_600_000)).toBe("vor 3 Std.");
  expect(ago(24 * 3_600_000)).toBe("gestern");
});

test("a span is rounded down, never below zero", () => {
  expect(english.span(23.9 * 3_600_000)).toBe("23 hrs");
  expect(english.span(-5)).toBe("0 secs");
});

test("money takes its currency's own digits, and an unknown currency is only named", () => {
  expect(english.money(1240, "EUR")).toBe("€1,240.00");
  expect(english.money(1240, "JPY")).toBe("JP¥1,240");
  expect(english.money(5, "points")).toBe("5 points");
});

test("plurals take the form of the language", () => {
  const arabic = createFormat("ar");
  const forms = { zero: "٠", one: "واحد", two: "اثنان", few: "# قليل", many: "# كثير", other: "# آخر" };
  expect([1, 2].map((count) => arabic.plural(count, forms))).toEqual(["واحد", "اثنان"]);
  expect(english.plural(1_200, { one: "# item", other: "# items" })).toBe("1,200 items");
});
