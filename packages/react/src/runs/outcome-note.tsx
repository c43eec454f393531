"use client";
import type { ReactElement } from "react";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { personName } from "../person/person-name.ts";
import { AgentText } from "../text/agent-text.tsx";
import type { GateOutcome } from "./gate-outcome.ts";

/** Props of {@link OutcomeNote}. */
export interface OutcomeNoteProps {
  outcome: GateOutcome;
}

/** How an approval ended, in a line: what, by whom, whether after an escalation, and why. Renders a `<p>` element. */
export function OutcomeNote({ outcome }: OutcomeNoteProps): ReactElement {
  const { format, t } = useLook();
  const slot = useSlots();
  const { status, approved, decidedBy, reason, escalated, edited = false } = outcome;
  const names = decidedBy.length > 0 ? format.list(decidedBy.map(personName)) : undefined;
  return (
    <p className={slot("run-note")} data-outcome={status}>
      {status === "timed_out"
        ? t("outcome.timedOut", { approved, rejected: false })
        : t("outcome.title", { status, names, edited })}
      {escalated && <> {t("outcome.escalated")}</>}
      {reason && (
        <>
          {": "}
          <AgentText>{reason}</AgentText>
        </>
      )}
    </p>
  );
}
