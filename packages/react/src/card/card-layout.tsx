"use client";
import type { ComponentProps, ReactElement } from "react";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { CardAction } from "./card-action.tsx";
import { CardActions } from "./card-actions.tsx";
import { CardComment } from "./card-comment.tsx";
import { CardContent } from "./card-content.tsx";
import { useCard } from "./card-context.ts";
import { CardDiff } from "./card-diff.tsx";
import { CardEditor } from "./card-editor.tsx";
import { CardError } from "./card-error.tsx";
import { CardHeader } from "./card-header.tsx";
import { CardMessage } from "./card-message.tsx";
import { CardOutcome } from "./card-outcome.tsx";
import { CardStages } from "./card-stages.tsx";
import { DecisionComments } from "./decision-comments.tsx";

/** Everything there is to read, in the order that helps to decide. Renders a `<div>` element. */
export function CardBody({ className, children, ...rest }: ComponentProps<"div">): ReactElement {
  const { approval } = useCard();
  const slot = useSlots();
  return (
    <div {...rest} className={slot("card-body", className)}>
      <div className={slot("card-column")}>
        {children ?? (
          <>
            <CardHeader />
            <CardOutcome />
            {approval.kind === "question" ? <Question /> : <Proposal />}
          </>
        )}
      </div>
    </div>
  );
}

/** What an answer needs to know stands before the form that takes it. */
function Question(): ReactElement {
  return (
    <>
      <CardBackground />
      <CardSubject />
    </>
  );
}

/** What will happen stands first, and why after it. */
function Proposal(): ReactElement {
  const { variant } = useCard();
  return (
    <>
      <CardSubject />
      <CardDiff />
      {variant === "inline" ? <CardDetails /> : <CardBackground />}
    </>
  );
}

/** What the decision is about: read, or while it is being edited or answered, its form. */
function CardSubject(): ReactElement {
  const { editing } = useCard();
  return (
    <>
      {!editing && <CardAction />}
      <CardEditor />
    </>
  );
}

function CardBackground(): ReactElement {
  const { approval } = useCard();
  return (
    <>
      <CardMessage />
      <CardContent />
      <CardStages />
      {approval.status === "pending" && <DecisionComments />}
    </>
  );
}

/** The background folded away, for cards among other things. */
function CardDetails(): ReactElement | null {
  const { approval } = useCard();
  const slot = useSlots();
  const t = useMessages();
  if (!approval.message && approval.content.length === 0) return <CardStages />;
  return (
    <details className={slot("card-details")}>
      <summary className={slot("card-summary")}>{t("card.details")}</summary>
      <CardBackground />
    </details>
  );
}

/** Where the viewer responds; never scrolls away. Renders a `<footer>` element, or nothing once the approval has ended. */
export function CardFooter({ className, children, ...rest }: ComponentProps<"footer">): ReactElement | null {
  const { approval, state } = useCard();
  const slot = useSlots();
  if (approval.status !== "pending" || state === "conflict") return null;
  return (
    <footer {...rest} className={slot("card-footer", className)}>
      <div className={slot("card-footer-column")}>
        {children ?? (
          <>
            <CardError />
            <CardComment />
            <CardActions />
          </>
        )}
      </div>
    </footer>
  );
}
