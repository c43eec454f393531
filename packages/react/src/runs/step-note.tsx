"use client";
import type { RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { visibleText } from "../text/visible-text.ts";
import { gateOutcome } from "./gate-outcome.ts";
import { isLeftOpen } from "./left-open.ts";
import { OutcomeNote } from "./outcome-note.tsx";
import { useRunView } from "./run-context.ts";

/** What a step waits for, or how what it waited for ended; nothing for a step that just ran. */
export function StepNote({ step }: { step: RunStep }): ReactElement | null {
  const { run } = useRunView();
  const { format, t } = useLook();
  const slot = useSlots();
  const now = useNow();
  const outcome = gateOutcome(step);
  if (outcome) return <OutcomeNote outcome={outcome} />;
  const { kind, status, wakeAt, event } = step;
  if (isLeftOpen(step, run)) return <p className={slot("run-note")}>{t("run.endedBefore")}</p>;
  if (status === "cancelled") return <p className={slot("run-note")}>{t("run.wentOn")}</p>;
  if (kind === "event" && status === "completed" && step.output === null) {
    return <p className={slot("run-note")}>{t("run.noEvent")}</p>;
  }
  if (status !== "waiting") return null;
  return (
    <p className={slot("run-note")}>
      {t("run.waits", { kind, event: event && visibleText(event.name) })}
      {wakeAt && (
        <>
          {" "}
          <time dateTime={wakeAt} title={format.dateTime(wakeAt)} suppressHydrationWarning>
            {t("run.until", { kind, time: format.dateTime(wakeAt), left: format.relative(wakeAt, now) })}
          </time>
        </>
      )}
    </p>
  );
}
