/** A moment as it is stored and sent: ISO 8601 in UTC, of fixed width. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
