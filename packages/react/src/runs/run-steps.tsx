"use client";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { gateOutcome } from "./gate-outcome.ts";
import { isLeftOpen } from "./left-open.ts";
import { useRunView } from "./run-context.ts";
import { RunStepView } from "./run-step-view.tsx";

/** The steps of a run in the order they were reached. Renders an `<ol>` element. */
export function RunSteps({ className, ...rest }: ComponentProps<"ol">): ReactElement {
  const { run } = useRunView();
  const slot = useSlots();
  const t = useMessages();
  const steps = run.steps ?? [];
  if (steps.length === 0) return <p className={slot("run-meta")}>{t("run.noSteps")}</p>;
  return (
    <ol aria-label={t("run.stepsLabel")} {...rest} className={slot("run-steps", className)}>
      {steps.map((step) => (
        <li
          key={step.name}
          className={slot("run-step")}
          data-kind={step.kind}
          data-status={isLeftOpen(step, run) ? "cancelled" : step.status}
          data-outcome={gateOutcome(step)?.status}
        >
          <RunStepView step={step} />
        </li>
      ))}
    </ol>
  );
}
