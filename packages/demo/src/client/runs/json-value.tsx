import type { Json } from "@holdpoint/core";
import type { ReactElement } from "react";

/** A JSON value as indented text. */
export function JsonValue({ value }: { value: Json }): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <pre className="panel json" tabIndex={0}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
