/** Plural forms of a phrase, by the categories of `Intl.PluralRules`. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Everything that reads differently per language, over `Intl`. Times go in as ISO 8601. */
export interface Format {
  /** BCP 47 tag. */
  readonly locale: string;
  /** IANA name of the zone that times are shown in. */
  readonly timeZone: string;
  number(value: number): string;
  /** @param currency ISO 4217 code; an unknown one falls back to the number and the code */
  money(value: number, currency: string): string;
  date(iso: string): string;
  dateTime(iso: string): string;
  time(iso: string): string;
  /** "2 min. ago", "tomorrow". */
  relative(iso: string, nowMs: number): string;
  /** "23 hr", in the largest unit that fits, rounded down. */
  span(ms: number): string;
  /** How long something took: "120 ms", "2.4 sec", "3 min". */
  elapsed(ms: number): string;
  /** "Ana, Bo and Cy". */
  list(items: string[]): string;
  /** The form that goes with `count`, with `#` replaced by the number. */
  plural(count: number, forms: PluralForms): string;
}

const units: [Intl.RelativeTimeFormatUnit & ("day" | "hour" | "minute" | "second"), number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/**
 * Formatting in one language.
 *
 * @param locale default: the first of the browser's languages that the English texts go with, else `en`
 * @param timeZone default: the browser's
 */
export function createFormat(locale: string = englishLocale(), timeZone?: string): Format {
  const kept = new Map<string, unknown>();
  const keep = <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make());
    return kept.get(key) as T;
  };
  const dates = (key: string, options: Intl.DateTimeFormatOptions) =>
    keep(key, () => new Intl.DateTimeFormat(locale, { timeZone, ...options }));
  const numbers = keep("number", () => new Intl.NumberFormat(locale));
  const day = { day: "numeric", month: "short", year: "numeric" } as const;
  const clock = { hour: "numeric", minute: "2-digit" } as const;

  return {
    locale: numbers.resolvedOptions().locale,
    timeZone: dates("time", clock).resolvedOptions().timeZone,
    number: (value) => numbers.format(value),
    money: (value, currency) =>
      isCurrency(currency)
        ? keep(`money ${currency}`, () => new Intl.NumberFormat(locale, { style: "currency", currency })).format(value)
        : `${numbers.format(value)} ${currency}`,
    date: (iso) =>
      (isDateOnly(iso) ? dates("day", { ...day, timeZone: "UTC" }) : dates("date", day)).format(new Date(iso)),
    dateTime: (iso) => dates("dateTime", { ...day, ...clock }).format(new Date(iso)),
    time: (iso) => dates("time", clock).format(new Date(iso)),
    relative: (iso, nowMs) => {
      const relative = keep("relative", () => new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "auto" }));
      const [amount, unit] = largestUnit(Date.parse(iso) - nowMs);
      return unit === "second" ? relative.format(0, "second") : relative.format(amount, unit);
    },
    span: (ms) => {
      const [amount, unit] = largestUnit(Math.max(0, ms));
      const style = { style: "unit", unit, unitDisplay: unit === "day" ? "long" : "short" } as const;
      return keep(`span ${unit}`, () => new Intl.NumberFormat(locale, style)).format(amount);
    },
    elapsed: (ms) => {
      const [amount, unit] = elapsedUnit(Math.max(0, ms));
      const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 1 } as const;
      return keep(`elapsed ${unit}`, () => new Intl.NumberFormat(locale, style)).format(amount);
    },
    list: (items) => keep("list", () => new Intl.ListFormat(locale, { type: "conjunction" })).format(items),
    plural: (count, forms) => {
      const form = forms[keep("plural", () => new Intl.PluralRules(locale)).select(count)] ?? forms.other;
      return form.replace("#", numbers.format(count));
    },
  };
}

/** The reader's own kind of English, so that dates are in the language of the texts. There is no browser on a server. */
function englishLocale(): string {
  const languages = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
  return languages.find((language) => /^en(-|$)/i.test(language)) ?? "en";
}

/** To the second first: what is a millisecond short of a minute is a minute. */
function largestUnit(ms: number): [number, (typeof units)[number][0]] {
  const rounded = Math.round(ms / 1_000) * 1_000;
  const [unit, unitMs] = units.find(([, unitMs]) => Math.abs(rounded) >= unitMs) ?? ["second", 1_000];
  return [Math.trunc(rounded / unitMs), unit];
}

/** Rounded down, to a tenth from seconds on: what is not quite a minute is not called one. */
function elapsedUnit(ms: number): [number, string] {
  if (ms < 1_000) return [Math.round(ms), "millisecond"];
  const [unit, unitMs] = units.find(([, unitMs]) => ms >= unitMs) ?? ["second", 1_000];
  return [Math.floor((ms / unitMs) * 10) / 10, unit];
}

function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code);
}

/** A calendar day has no time zone: shown as written. */
function isDateOnly(iso: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(iso);
}
