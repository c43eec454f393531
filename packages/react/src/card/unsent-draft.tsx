"use client";
import type { Draft } from "@holdpoint/client";
import { type Decision, sameJson } from "@holdpoint/core";
import type { ReactElement } from "react";
import { ArgumentsView } from "../arguments/arguments-view.tsx";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { Section } from "../text/section.tsx";
import { ArgumentsDiff } from "./arguments-diff.tsx";
import { useCard } from "./card-context.ts";

/** What the viewer had written when the approval ended without them, so that it isn't lost. Renders a `<section>` element, or nothing. */
export function UnsentDraft(): ReactElement | null {
  const { approval, draft, updateDraft, viewer } = useCard();
  const slot = useSlots();
  const t = useMessages();
  const { comment, args, answer } = draft;
  if (!comment?.trim() && args === undefined && answer === undefined) return null;
  const own = approval.decisions.findLast(({ by }) => by.id === viewer?.id);
  // Its answer was lost on the way, not the response.
  if (own && isSent(own, draft)) return null;
  const discard = (
    <button type="button" className={slot("text-button")} onClick={() => updateDraft(undefined)}>
      {t("draft.discard")}
    </button>
  );
  return (
    <Section title={t("draft.unsent")} aside={discard}>
      {comment?.trim() && <p className={slot("outcome-reason")}>{comment}</p>}
      {args !== undefined && (
        <ArgumentsDiff before={approval.action?.args} after={args} schema={approval.action?.schema} />
      )}
      {answer !== undefined && <ArgumentsView args={answer} schema={approval.form} />}
    </Section>
  );
}

function isSent({ comment = "", args, answer }: Decision, draft: Draft): boolean {
  return (
    comment === (draft.comment ?? "").trim() &&
    (draft.args === undefined || sameJson(draft.args, args)) &&
    (draft.answer === undefined || sameJson(draft.answer, answer))
  );
}
