"use client";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useRunView } from "./run-context.ts";
import { RunValue } from "./run-value.tsx";

/** What the run was started with, folded. Renders a `<details>` element, or nothing when that was nothing. */
export function RunInput({ className, ...rest }: ComponentProps<"details">): ReactElement | null {
  const { run } = useRunView();
  const slot = useSlots();
  const t = useMessages();
  if (run.input === null) return null;
  return (
    <details {...rest} className={slot("run-output", className)}>
      <summary className={slot("run-output-label")}>{t("run.input")}</summary>
      <RunValue value={run.input} />
    </details>
  );
}
