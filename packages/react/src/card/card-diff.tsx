"use client";
import { type Json, sameJson } from "@holdpoint/core";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { Section } from "../text/section.tsx";
import { ArgumentsDiff } from "./arguments-diff.tsx";
import { type CardContextValue, useCard } from "./card-context.ts";

/**
 * What differs: the viewer's edits before they are submitted, what changed since the card was opened, and the edits
 * that were approved. Renders a `<div>` element, or nothing.
 */
export function CardDiff({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const card = useCard();
  const slot = useSlots();
  const t = useMessages();
  const compared = comparisonOf(card);
  if (!compared) return null;
  const { own, before, after } = compared;
  return (
    <div {...rest} className={slot("section", className)}>
      <Section title={t(own ? "diff.changes" : "diff.label")} aside={own && <StartOver />}>
        <ArgumentsDiff before={before} after={after} schema={card.approval.action?.schema} />
      </Section>
    </div>
  );
}

interface Comparison {
  before: Json | undefined;
  after: Json;
  /** Whether the differences are the viewer's own, not submitted yet. */
  own: boolean;
}

function comparisonOf({ approval, seen, state, editing, draft }: CardContextValue): Comparison | undefined {
  const { action, outcome } = approval;
  if (!action) return undefined;
  if (state === "changed" && seen.revision !== approval.revision) {
    return { before: seen.action?.args, after: action.args, own: false };
  }
  if (editing) return { before: action.args, after: draft.args ?? action.args, own: true };
  if (outcome?.args === undefined || sameJson(action.args, outcome.args)) return undefined;
  return { before: action.args, after: outcome.args, own: false };
}

function StartOver(): ReactElement | null {
  const { draft, startOver } = useCard();
  const slot = useSlots();
  const t = useMessages();
  if (draft.args === undefined && draft.json === undefined) return null;
  return (
    <button type="button" className={slot("text-button")} onClick={startOver}>
      {t("action.startOver")}
    </button>
  );
}
