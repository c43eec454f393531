import type { ReactElement } from "react";
import icon from "../icon.svg";

/** The product's mark and name. */
export function Brand(): ReactElement {
  return (
    <span className="brand">
      <img src={icon} alt="" width="26" height="26" />
      Acme Ops
    </span>
  );
}
