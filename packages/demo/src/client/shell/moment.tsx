import type { ReactElement } from "react";

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const timeOnly = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** A point in time in the reader's language and time zone; without its date when that is today. */
export function Moment({ at }: { at: string }): ReactElement {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={full.format(date)}>
      {(isToday ? timeOnly : full).format(date)}
    </time>
  );
}
