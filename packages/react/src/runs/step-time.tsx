"use client";
import type { RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { gateOutcome } from "./gate-outcome.ts";

/** Where a step stands, how long it took once it is over, when, and how often it was tried if more than once. */
export function StepTime({ step }: { step: RunStep }): ReactElement {
  const { format, t } = useLook();
  const slot = useSlots();
  const now = useNow();
  const { status, startedAt, finishedAt, attempts } = step;
  const outcome = gateOutcome(step);
  const at = finishedAt ?? startedAt;
  const when = format.relative(at, now);
  return (
    <span className={slot("run-meta")}>
      {outcome ? t("status.name", { status: outcome.status }) : t("run.status", { status })}
      {finishedAt && <> · {format.elapsed(Date.parse(finishedAt) - Date.parse(startedAt))}</>}
      {" · "}
      <time dateTime={at} title={format.dateTime(at)} suppressHydrationWarning>
        {finishedAt ? when : t("run.since", { time: when })}
      </time>
      {attempts > 1 && <> · {t("run.attempts", { count: attempts })}</>}
    </span>
  );
}
