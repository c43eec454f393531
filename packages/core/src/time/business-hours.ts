import * as z from "zod";
import type { ShapeOf } from "../json/field.ts";

/** When people are there to decide. */
export interface BusinessHours {
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: string;
  /** Days of the week: 1 is Monday, 7 is Sunday. */
  days: number[];
  /** Local time, such as `09:00`. */
  from: string;
  /** Local time after `from`, at most `24:00`. */
  to: string;
  /** Local dates on which nobody is there, such as `2026-12-25`. */
  holidays?: string[];
}

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as "09:00"');

/** Wire form of {@link BusinessHours}. */
export const businessHoursSchema: z.ZodType<BusinessHours> = z
  .strictObject({
    timeZone: z.string().max(60).refine(isTimeZone, 'must be a time zone such as "Europe/Berlin"'),
    days: z.array(z.int().min(1).max(7)).min(1, "must have at least one day, or there are no hours to count").max(7),
    from: timeOfDay,
    to: timeOfDay,
    holidays: z.array(z.iso.date()).max(1_000).optional(),
  } satisfies ShapeOf<BusinessHours>)
  .refine(({ from, to }) => from < to, {
    path: ["to"],
    message: 'must be after "from", or there are no hours to count',
  });

/** Named zones only: a bare offset has no daylight-saving time and is rarely what is meant. */
function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
