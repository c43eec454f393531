"use client";
import type { RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { gateOutcome } from "./gate-outcome.ts";
import { OutcomeNote } from "./outcome-note.tsx";

/** What a step waits for, or how what it waited for ended; nothing for a step that just ran. */
export function StepNote({ step }: { step: RunStep }): ReactElement | null {
  const { format, t } = useLook();
  const slot = useSlots();
  const outcome = gateOutcome(step);
  if (outcome) return <OutcomeNote outcome={outcome} />;
  if (step.status !== "waiting" && step.status !== "running") return null;
  const { kind, status, wakeAt } = step;
  return (
    <p className={slot("run-note")}>
      {t("run.waits", { kind, status })}
      {wakeAt && (
        <>
          {" "}
          <time dateTime={wakeAt} title={format.dateTime(wakeAt)}>
            {t("run.until", { time: format.dateTime(wakeAt) })}
          </time>
        </>
      )}
    </p>
  );
}
