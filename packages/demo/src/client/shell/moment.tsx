import { useLook } from "@holdpoint/react";
import type { ReactElement } from "react";

/** A point in time in the page's language and the reader's time zone; without its date when that is today. */
export function Moment({ at }: { at: string }): ReactElement {
  const { format } = useLook();
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {isToday ? format.time(at) : format.dateTime(at)}
    </time>
  );
}
