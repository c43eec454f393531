"use client";
import type { Draft } from "@holdpoint/client";
import { type Approval, type Decision, type Json, type JsonSchema, sameJson } from "@holdpoint/core";
import type { ReactElement } from "react";
import { objectOf } from "../arguments/argument-value.ts";
import { ArgumentsView } from "../arguments/arguments-view.tsx";
import { CodeView } from "../blocks/code-view.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { Section } from "../text/section.tsx";
import { ArgumentsDiff } from "./arguments-diff.tsx";
import { useCard } from "./card-context.ts";

/**
 * What the viewer had written when the approval ended, or went on to others, without them, so that it isn't lost. Renders
 * a `<section>` element, or nothing.
 */
export function UnsentDraft(): ReactElement | null {
  const { approval, draft, updateDraft, viewer } = useCard();
  const own = approval.decisions.findLast(({ by }) => by.id === viewer?.id);
  // Its answer was lost on the way, not the response.
  if (own && isSent(own, draft)) return null;
  return <UnsentText draft={draft} approval={approval} onDiscard={() => updateDraft(undefined)} />;
}

/** Props of {@link UnsentText}. */
export interface UnsentTextProps {
  draft: Draft;
  /** What it was written about; absent when it is out of sight. */
  approval?: Approval;
  onDiscard: () => void;
}

/** A draft to read, copy or discard. Renders a `<section>` element, or nothing. */
export function UnsentText({ draft, approval, onDiscard }: UnsentTextProps): ReactElement | null {
  const slot = useSlots();
  const t = useMessages();
  const { comment, args, answer, json } = written(draft, approval);
  if (!comment && args === undefined && answer === undefined && json === undefined) return null;
  const discard = (
    <button type="button" className={slot("text-button")} onClick={onDiscard}>
      {t("draft.discard")}
    </button>
  );
  return (
    <Section title={t("draft.unsent")} aside={discard}>
      {comment && <p className={slot("outcome-reason")}>{comment}</p>}
      {args !== undefined && (
        <ArgumentsDiff before={approval?.action?.args} after={args} schema={approval?.action?.schema} />
      )}
      {answer !== undefined && <ArgumentsView args={answer} schema={approval?.form} />}
      {json !== undefined && <CodeView code={json} language="json" />}
    </Section>
  );
}

/** What a draft says; fields that were changed and changed back say nothing. */
function written({ comment, args, answer, json }: Draft, approval: Approval | undefined): Draft {
  return {
    comment: comment?.trim() || undefined,
    args: sameJson(args, approval?.action?.args) ? undefined : args,
    answer: isBlank(answer, approval?.form) ? undefined : answer,
    json: json?.trim() || undefined,
  };
}

/** Whether a form holds nothing but what it came with. */
function isBlank(value: Json | undefined, schema?: JsonSchema): boolean {
  if (value === undefined || value === null || value === "" || sameJson(value, schema?.default)) return true;
  const properties = objectOf(schema?.properties);
  const fields = objectOf(value);
  return (
    fields !== undefined && Object.keys(fields).every((name) => isBlank(fields[name], objectOf(properties?.[name])))
  );
}

function isSent({ comment = "", args, answer }: Decision, draft: Draft): boolean {
  return (
    draft.json === undefined &&
    comment === (draft.comment ?? "").trim() &&
    (draft.args === undefined || sameJson(draft.args, args)) &&
    (draft.answer === undefined || sameJson(draft.answer, answer))
  );
}
