"use client";
import type { Approval, DecisionType, RespondInput } from "@holdpoint/core";
import { type RefObject, useId, useMemo, useRef, useState } from "react";
import { abilityOf } from "../hooks/ability.ts";
import type { ApprovalHandle } from "../hooks/use-approval.ts";
import { useDraft } from "../hooks/use-draft.ts";
import { useFocusTarget } from "../hooks/use-focus-target.ts";
import type { Folds } from "../text/folds.ts";
import type { CardContextValue, CardFocus, CardVariant } from "./card-context.ts";
import { cardState, isOpen } from "./card-state.ts";
import { useSeen } from "./use-seen.ts";
import { useSubmission } from "./use-submission.ts";

/** What a card is made from. */
export interface CardModelInput {
  handle: ApprovalHandle;
  approval: Approval;
  variant: CardVariant;
  folds: Folds;
  hasFocus: RefObject<boolean>;
}

/** What the parts of one card share. */
export function useCardModel({ handle, approval, variant, folds, hasFocus }: CardModelInput): CardContextValue {
  const { viewer, pending, error, offline, dismissError } = handle;
  const id = useId();
  const cardRef = useRef<HTMLElement>(null);
  const seen = useSeen(approval);
  const [draft, updateDraft] = useDraft(approval.id);
  const [wantsEdit, setWantsEdit] = useState<boolean>();
  const [attempt, setAttempt] = useState(0);
  const focus = useFocusTarget<CardFocus>();
  const fieldErrors = useMemo(() => (error?.code === "invalid_args" ? error.fieldErrors : []), [error]);

  const ability = abilityOf(approval, viewer);
  const editing =
    (wantsEdit ?? (draft.args !== undefined || draft.json !== undefined)) && ability.allow.includes("edit");
  const state = cardState({ approval, ability, pending, error, offline, editing, changed: seen.changed });
  const submission = useSubmission({
    handle,
    focus,
    seen: seen.approval,
    comment: draft.comment,
    open: isOpen(state),
    foldedCount: folds.count,
    onAcknowledged: (next) => {
      seen.see(next);
      updateDraft(undefined);
      setWantsEdit(undefined);
    },
  });

  return {
    approval,
    seen: seen.approval,
    viewer,
    ability,
    state,
    variant,
    draft,
    updateDraft,
    editing,
    startEditing: () => {
      focus.send("editor");
      setWantsEdit(true);
    },
    stopEditing: () => {
      focus.send("edit_button");
      setWantsEdit(false);
      submission.clearObstacle();
      dismissError();
    },
    startOver: () => {
      focus.send("editor");
      setAttempt(attempt + 1);
      updateDraft({ args: undefined, json: undefined });
    },
    attempt,
    submitting: pending && typeOf(pending),
    obstacle: submission.obstacle,
    error,
    fieldErrors,
    submit: submission.submit,
    retry: submission.retry,
    acknowledgeChange: () => {
      seen.see(approval);
      dismissError();
    },
    claim: handle.claim,
    release: handle.release,
    takeFocus: focus.take,
    hasFocus,
    cardRef,
    ids: { title: `${id}title`, comment: `${id}comment`, notice: `${id}notice`, form: `${id}form` },
  };
}

function typeOf(response: RespondInput): DecisionType {
  if ("type" in response) return response.type;
  return response.approved ? "approve" : "reject";
}
