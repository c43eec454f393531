import { invalidRequest } from "../json/field-error.ts";

/**
 * A date as ISO 8601 in UTC.
 *
 * @param field where it was given, named in the error
 * @throws {HoldpointError} `invalid_request` when it is no valid date, or lies beyond the year 9999
 */
export function utcTime(date: Date, field: string): string {
  const year = date.getUTCFullYear();
  if (year >= 0 && year <= 9_999) return date.toISOString();
  throw invalidRequest([
    { pointer: `/${field}`, message: 'must be a date, or a text such as "2026-03-01T09:00:00Z" or with "+02:00"' },
  ]);
}
