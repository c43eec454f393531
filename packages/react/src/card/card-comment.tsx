"use client";
import { type ComponentProps, type ReactElement, useEffect, useRef } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useCard } from "./card-context.ts";

/** What the viewer has to say about it: a comment, or the reason for rejecting. Renders a `<textarea>` element. */
export function CardComment({ className, ...rest }: ComponentProps<"textarea">): ReactElement | null {
  const { ability, approval, draft, editing, ids, obstacle, submitting, updateDraft } = useCard();
  const slot = useSlots();
  const t = useMessages();
  const ref = useRef<HTMLTextAreaElement>(null);
  const missing = obstacle?.reason === "comment" && !draft.comment;
  useEffect(() => {
    if (obstacle?.reason === "comment") ref.current?.focus();
  }, [obstacle]);
  const canReject = ability.allow.includes("reject");
  const canApprove = ability.allow.includes("approve");
  if (!canReject && !canApprove) return null;
  return (
    <textarea
      rows={1}
      {...rest}
      ref={ref}
      id={ids.comment}
      className={slot("comment", className)}
      aria-label={t("comment.label")}
      placeholder={t("comment.placeholder", {
        canReject: canReject && !editing,
        required: canApprove && approval.risk === "critical",
      })}
      aria-invalid={missing || undefined}
      aria-describedby={missing ? ids.notice : undefined}
      readOnly={submitting !== undefined}
      value={draft.comment ?? ""}
      onChange={(event) => updateDraft({ comment: event.target.value })}
    />
  );
}
