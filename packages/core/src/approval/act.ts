import type { NewEvent } from "../log/event.ts";
import type { Person, Viewer } from "../viewer.ts";
import type { Approval } from "./approval.ts";

/**
 * What somebody did to an approval without deciding it: how it stands now, and what the log says of that besides the
 * events that follow from the change itself. When nothing came of it the approval is the same object.
 */
export interface Act {
  approval: Approval;
  events: NewEvent[];
}

/** A viewer as others may see them. */
export function personOf({ id, name }: Viewer): Person {
  return name === undefined ? { id } : { id, name };
}
