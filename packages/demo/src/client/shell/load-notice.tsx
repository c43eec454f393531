import type { ReactElement } from "react";
import type { Loaded } from "../use-loaded.ts";

/** Says that a page's content is on its way, or why it isn't. Nothing once it is there and current. */
export function LoadNotice({ of: { value, error, reload } }: { of: Loaded<unknown> }): ReactElement | null {
  if (error) {
    return (
      <p className="notice" role="alert">
        {error.message}{" "}
        <button type="button" className="link-button" onClick={reload}>
          Try again
        </button>
      </p>
    );
  }
  return value === undefined ? <p className="faint">Loading…</p> : null;
}
