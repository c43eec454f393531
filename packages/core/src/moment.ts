import * as z from "zod";
import { invalidRequest } from "./field-error.ts";

const moment = z.iso.datetime({ offset: true });

/**
 * A moment as ISO 8601 in UTC.
 *
 * @param value a date, or ISO 8601 with its offset
 * @param field where it was given, named in the error
 * @throws {HoldpointError} `invalid_request` when it is none, or lies beyond the year 9999
 */
export function momentOf(value: Date | string, field: string): string {
  const date = value instanceof Date ? value : new Date(moment.safeParse(value).data ?? Number.NaN);
  const year = date.getUTCFullYear();
  if (year >= 0 && year <= 9_999) return date.toISOString();
  throw invalidRequest([
    { pointer: `/${field}`, message: 'must be a date, or a text such as "2026-03-01T09:00:00Z" or with "+02:00"' },
  ]);
}
