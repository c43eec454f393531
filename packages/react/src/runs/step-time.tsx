"use client";
import type { RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { gateOutcome } from "./gate-outcome.ts";
import { isLeftOpen } from "./left-open.ts";
import { useRunView } from "./run-context.ts";

/**
 * Where a step stands, how long it took once it is over, when, and how often it was tried if more than once; of a log
 * entry just when.
 */
export function StepTime({ step }: { step: RunStep }): ReactElement {
  const { run } = useRunView();
  const { format, t } = useLook();
  const slot = useSlots();
  const now = useNow();
  const { kind, startedAt, finishedAt, attempts } = step;
  const status = isLeftOpen(step, run) ? "cancelled" : step.status;
  const outcome = gateOutcome(step);
  const at = finishedAt ?? startedAt;
  const when = format.relative(at, now);
  const time = (
    <time dateTime={at} title={format.dateTime(at)} suppressHydrationWarning>
      {finishedAt ? when : t("run.since", { time: when })}
    </time>
  );
  if (kind === "log") return <span className={slot("run-meta")}>{time}</span>;
  return (
    <span className={slot("run-meta")}>
      {outcome ? t("status.name", { status: outcome.status }) : t("run.status", { status })}
      {finishedAt && <> · {format.elapsed(Date.parse(finishedAt) - Date.parse(startedAt))}</>}
      {" · "}
      {time}
      {attempts > 1 && <> · {t("run.attempts", { count: attempts })}</>}
    </span>
  );
}
