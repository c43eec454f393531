"use client";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";

/** Props of {@link UnfoldButton}. */
export interface UnfoldButtonProps {
  hiddenLines: number;
  onUnfold: () => void;
}

/** Shows the rest of something long. Renders a `<button>` element. */
export function UnfoldButton({ hiddenLines, onUnfold }: UnfoldButtonProps): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  return (
    <button type="button" className={slot("expand")} onClick={onUnfold}>
      {t("block.showAll", { lines: hiddenLines })}
    </button>
  );
}
