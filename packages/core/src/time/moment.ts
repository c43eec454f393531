import * as z from "zod";
import { utcTime } from "./utc-time.ts";

const moment = z.iso.datetime({ offset: true });

/**
 * A moment as ISO 8601 in UTC.
 *
 * @param value a date, or ISO 8601 with its offset
 * @param field where it was given, named in the error
 * @throws {HoldpointError} `invalid_request` when it is not a moment, or lies beyond the year 9999
 */
export function momentOf(value: Date | string, field: string): string {
  return utcTime(value instanceof Date ? value : new Date(moment.safeParse(value).data ?? Number.NaN), field);
}
