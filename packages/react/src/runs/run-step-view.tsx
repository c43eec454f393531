"use client";
import type { Json, RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { visibleText } from "../text/visible-text.ts";
import { GateAsked } from "./gate-asked.tsx";
import { gateOutcome } from "./gate-outcome.ts";
import { useRunView } from "./run-context.ts";
import { RunValue } from "./run-value.tsx";
import { StepNote } from "./step-note.tsx";
import { StepTime } from "./step-time.tsx";

/** One step: what it is, where it stands, when and how long, what it waits for, what it returned or why it failed. */
export function RunStepView({ step }: { step: RunStep }): ReactElement {
  const { connected, renderApproval, renderRun } = useRunView();
  const t = useMessages();
  const slot = useSlots();
  const { name, kind, error, approvalId, childRunId } = step;
  const output = ownOutput(step);
  const message = logMessage(step);
  return (
    <>
      <span className={slot("run-step-mark")} aria-hidden="true" />
      <p className={slot("run-step-head")}>
        {message === undefined ? (
          <b className={slot("run-step-name")}>{visibleText(name)}</b>
        ) : (
          <span className={slot("run-note")}>
            <AgentText>{message}</AgentText>
          </span>
        )}
        <span className={slot("run-step-kind")}>{t("run.kind", { kind })}</span>
        <StepTime step={step} />
      </p>
      <StepNote step={step} />
      {error && (
        <p className={slot("run-error")}>
          <AgentText>{error.message}</AgentText>
        </p>
      )}
      {approvalId !== undefined && connected && step.status === "waiting" && (
        <GateAsked approvalId={approvalId} brief={renderApproval !== undefined} />
      )}
      {approvalId !== undefined && renderApproval?.(approvalId, step)}
      {childRunId !== undefined && renderRun?.(childRunId)}
      {output !== undefined && (
        <details className={slot("run-output")}>
          <summary className={slot("run-output-label")}>{t("run.output")}</summary>
          <RunValue value={output} />
        </details>
      )}
    </>
  );
}

/** What a log entry says. */
function logMessage({ kind, output }: RunStep): string | undefined {
  if (kind !== "log" || typeof output !== "object" || output === null || Array.isArray(output)) return undefined;
  return typeof output.message === "string" ? output.message : undefined;
}

/** What a step returned, unless it is shown in other words. */
function ownOutput(step: RunStep): Json | undefined {
  const { kind, output } = step;
  if (output === null || gateOutcome(step)) return undefined;
  if (kind !== "log") return output;
  return typeof output === "object" && "data" in output ? output.data : undefined;
}
