"use client";
import type { ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { AgentText } from "../text/agent-text.tsx";
import { Section } from "../text/section.tsx";
import { OutcomeNote } from "./outcome-note.tsx";
import { useRunView } from "./run-context.ts";
import { RunValue } from "./run-value.tsx";

/** What the run returned, why it failed, or who closed it and why; nothing while it goes on. */
export function RunResult(): ReactElement | null {
  const { run } = useRunView();
  const slot = useSlots();
  const t = useMessages();
  if (run.outcome) {
    return (
      <Section title={t("run.result")}>
        <OutcomeNote outcome={run.outcome} />
      </Section>
    );
  }
  if (run.error) {
    return (
      <p className={slot("run-error")} data-part="result">
        <AgentText>{run.error.message}</AgentText>
      </p>
    );
  }
  if (run.output === undefined || run.output === null) return null;
  return (
    <Section title={t("run.result")}>
      <RunValue value={run.output} />
    </Section>
  );
}
