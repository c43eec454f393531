import { tzOffset } from "@date-fns/tz/tzOffset";
import type { BusinessHours } from "./business-hours.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How far ahead business hours are counted: what would end later can't be meant. */
export const tenYearsMs: number = 3_653 * dayMs;

/**
 * The moment, in ms since the epoch, at which `ms` of business hours have passed since `from`. Daylight-saving changes
 * count as they come: hours that a clock leaves out don't count, hours that it repeats count twice.
 *
 * @returns undefined when that is more than ten years ahead
 */
export function businessTimeAfter(hours: BusinessHours, from: number, ms: number): number | undefined {
  const { days } = hours;
  const timeZone = canonical(hours.timeZone);
  const holidays = new Set(hours.holidays);
  const firstDay = Math.floor((from + tzOffset(timeZone, new Date(from)) * minuteMs) / dayMs) * dayMs;
  let left = ms;
  for (let day = firstDay; day < firstDay + tenYearsMs; day += dayMs) {
    if (!days.includes(weekday(day)) || holidays.has(isoDate(day))) continue;
    const opens = Math.max(from, instantOf(timeZone, day + timeOfDayMs(hours.from)));
    const open = Math.max(0, instantOf(timeZone, day + timeOfDayMs(hours.to)) - opens);
    if (left <= open) return opens + left;
    left -= open;
  }
  return undefined;
}

/**
 * When a clock on the wall shows a time, given as if the wall were in UTC. Of a time that comes twice it is the first;
 * one that a clock leaves out is as long after the change as it would have been before it.
 */
function instantOf(timeZone: string, wall: number): number {
  const [before = 0, after = 0] = [wall - dayMs, wall + dayMs].map((at) => tzOffset(timeZone, new Date(at)) * minuteMs);
  const shows = (offset: number) => tzOffset(timeZone, new Date(wall - offset)) * minuteMs === offset;
  return shows(before) || !shows(after) ? wall - before : wall - after;
}

/** One spelling for each zone: the look-up keeps what it knows of every name that it is given. */
function canonical(timeZone: string): string {
  return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
}

function weekday(day: number): number {
  return new Date(day).getUTCDay() || 7;
}

function isoDate(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}

function timeOfDayMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * minuteMs;
}
