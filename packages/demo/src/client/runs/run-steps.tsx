import type { RunStep } from "@holdpoint/core";
import type { ReactElement } from "react";
import { Moment } from "../shell/moment.tsx";
import { JsonValue } from "./json-value.tsx";
import { RunStatusLabel } from "./run-status.tsx";

/** The steps of a run in the order they were reached. */
export function RunSteps({ steps }: { steps: RunStep[] }): ReactElement {
  if (steps.length === 0) return <p className="faint">No step was reached yet.</p>;
  return (
    <ol className="steps">
      {steps.map((step) => (
        <li key={step.name} className="step" data-status={step.status}>
          <StepRow step={step} />
        </li>
      ))}
    </ol>
  );
}

function StepRow({ step }: { step: RunStep }): ReactElement {
  return (
    <>
      <p className="step-head">
        <b>{step.name}</b>
        {step.kind !== "step" && <span className="step-kind">{step.kind}</span>}
        <RunStatusLabel status={step.status} />
        <span className="faint">
          <Moment at={step.finishedAt ?? step.startedAt} />
          {step.attempts > 1 && `, ${step.attempts} attempts`}
        </span>
      </p>
      {step.error && <p className="notice">{step.error.message}</p>}
      {step.output !== undefined && step.output !== null && (
        <details>
          <summary>Output</summary>
          <JsonValue value={step.output} />
        </details>
      )}
    </>
  );
}
