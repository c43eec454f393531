/** A point in time as a clock on the wall of `timeZone` shows it, for `<input type="datetime-local">`: `2026-10-02T19:00`. */
export function wallTime(iso: string, timeZone: string): string | undefined {
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? undefined : localIso(ms + offsetMs(ms, timeZone)).replace(/(?::00)?\.000$/, "");
}

/** The point in time at which a clock on the wall of `timeZone` shows `wall`, ISO 8601 in UTC; undefined for no time. */
export function timeAtWall(wall: string, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The first guess may be on the other side of a change of the clocks.
  const guess = asUtc - offsetMs(asUtc, timeZone);
  return new Date(asUtc - offsetMs(guess, timeZone)).toISOString();
}

/** What a zone's clocks are ahead of UTC at a point in time, ms. */
function offsetMs(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const name = format.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  const ahead = 1_000 * (3_600 * Number(hours) + 60 * Number(minutes) + Number(seconds));
  return sign === "-" ? -ahead : ahead;
}

function localIso(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1);
}
