"use client";
import type { Json, RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { AgentText } from "../text/agent-text.tsx";
import { visibleText } from "../text/visible-text.ts";
import { gateOutcome } from "./gate-outcome.ts";
import { JsonText } from "./json-text.tsx";
import { useRunView } from "./run-context.ts";
import { StepNote } from "./step-note.tsx";

/** One step: what it is, where it stands, how long it took, what it returned or why it failed. */
export function RunStepView({ step }: { step: RunStep }): ReactElement {
  const { renderApproval, renderRun } = useRunView();
  const { t } = useLook();
  const slot = useSlots();
  const { name, kind, error, approvalId, childRunId } = step;
  const output = ownOutput(step);
  return (
    <>
      <span className={slot("run-step-mark")} aria-hidden="true" />
      <p className={slot("run-step-head")}>
        <b className={slot("run-step-name")}>{visibleText(name)}</b>
        {kind !== "step" && <span className={slot("run-step-kind")}>{t("run.kind", { kind })}</span>}
        <StepTime step={step} />
      </p>
      <StepNote step={step} />
      {error && (
        <p className={slot("run-error")}>
          <AgentText>{error.message}</AgentText>
        </p>
      )}
      {approvalId !== undefined && renderApproval?.(approvalId)}
      {childRunId !== undefined && renderRun?.(childRunId)}
      {output !== undefined && (
        <details className={slot("run-output")}>
          <summary className={slot("run-output-label")}>{t("run.output")}</summary>
          <JsonText value={output} />
        </details>
      )}
    </>
  );
}

/** What a step returned, unless it is shown in other words. */
function ownOutput(step: RunStep): Json | undefined {
  const { kind, output } = step;
  if (output === null || gateOutcome(step)) return undefined;
  if (kind !== "log") return output;
  return typeof output === "object" && "data" in output ? output.data : undefined;
}

/** How long a step took, once it is over; how often it was tried, when that was more than once. */
function StepTime({ step }: { step: RunStep }): ReactElement {
  const { format, t } = useLook();
  const slot = useSlots();
  const { startedAt, finishedAt, attempts } = step;
  return (
    <span className={slot("run-meta")}>
      {finishedAt ? (
        <time dateTime={finishedAt} title={format.dateTime(finishedAt)}>
          {format.elapsed(Date.parse(finishedAt) - Date.parse(startedAt))}
        </time>
      ) : (
        <time dateTime={startedAt} title={format.dateTime(startedAt)}>
          {t("run.since", { time: format.time(startedAt) })}
        </time>
      )}
      {attempts > 1 && <> · {t("run.attempts", { count: attempts })}</>}
    </span>
  );
}
