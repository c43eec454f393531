"use client";
import type { DecisionType } from "@holdpoint/core";
import { type ComponentProps, type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { visibleText } from "../text/visible-text.ts";
import { ActionButton, type ActionButtonProps } from "./action-button.tsx";
import { useCard } from "./card-context.ts";
import { isOpen } from "./card-state.ts";

/** The buttons that the viewer's responses are given with. Renders a `<div>` element. */
export function CardActions({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { ability, editing } = useCard();
  const slot = useSlots();
  if (ability.allow.length === 0) return null;
  return (
    <div {...rest} className={slot("actions", className)}>
      {editing ? <EditingActions /> : <ReadingActions />}
    </div>
  );
}

function ReadingActions(): ReactElement {
  const { ability, approval, ids, submit } = useCard();
  const label = useLabels();
  const can = (type: DecisionType) => ability.allow.includes(type);
  return (
    <>
      {can("reject") && (
        <ResponseButton type="reject" tone="danger" onClick={() => submit("reject")}>
          {label.reject}
        </ResponseButton>
      )}
      {can("edit") && approval.action && <EditButton />}
      {can("approve") && (
        <ResponseButton type="approve" tone="primary" onClick={() => submit("approve")}>
          {label.approve}
        </ResponseButton>
      )}
      {can("answer") && (
        <ResponseButton type="answer" tone="primary" form={ids.form}>
          {label.answer}
        </ResponseButton>
      )}
    </>
  );
}

/** Opens the form; gets the focus back when the form is left. */
function EditButton(): ReactElement {
  const { startEditing, state, takeFocus } = useCard();
  const label = useLabels();
  const unavailable = useUnavailable();
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takeFocus("edit_button")) ref.current?.focus();
  });
  return (
    <ActionButton ref={ref} unavailable={unavailable || state === "submitting"} onClick={startEditing}>
      {label.edit}
    </ActionButton>
  );
}

function EditingActions(): ReactElement {
  const { ids, state, stopEditing } = useCard();
  const t = useMessages();
  const { approveEdited } = useLabels();
  return (
    <>
      <ActionButton unavailable={state === "submitting"} onClick={stopEditing}>
        {t("action.stopEditing")}
      </ActionButton>
      <ResponseButton type="edit" tone="primary" form={ids.form}>
        {approveEdited}
      </ResponseButton>
    </>
  );
}

/** Gives a response, or with `form` hands in that form, which gives it. */
function ResponseButton({
  type,
  form,
  ...rest
}: Omit<ActionButtonProps, "type"> & { type: DecisionType }): ReactElement {
  const { submitting } = useCard();
  const unavailable = useUnavailable();
  return (
    <ActionButton
      {...rest}
      form={form}
      type={form ? "submit" : "button"}
      busy={submitting === type}
      unavailable={unavailable || submitting !== undefined}
      data-response={type}
    />
  );
}

/** Whether responding has to wait for something other than a response under way. */
function useUnavailable(): boolean {
  const { state } = useCard();
  return state !== "submitting" && !isOpen(state);
}

/** What the buttons say: the requester's words, or ours. */
function useLabels(): Record<DecisionType | "approveEdited", ReactNode> {
  const { labels } = useCard().approval;
  const t = useMessages();
  const own = (type: DecisionType) => (labels[type] ? visibleText(labels[type]) : undefined);
  return {
    approve: own("approve") ?? t("action.approve"),
    approveEdited: t("action.approveEdited", { approve: own("approve") }),
    reject: own("reject") ?? t("action.reject"),
    edit: own("edit") ?? t("action.edit"),
    answer: own("answer") ?? t("action.answer"),
  };
}
