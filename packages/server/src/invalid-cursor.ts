import { HoldpointError } from "@holdpoint/core";

/** The error for a cursor that isn't one of the list it was sent to. */
export function invalidCursor(): HoldpointError {
  return new HoldpointError(
    "invalid_request",
    "cursor: doesn't belong to this list and its order; start again without it.",
    [{ pointer: "/cursor", message: "doesn't belong to this list" }],
  );
}
