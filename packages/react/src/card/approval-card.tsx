"use client";
import type { Approval, Viewer } from "@holdpoint/core";
import { type ComponentPropsWithoutRef, type ForwardedRef, forwardRef, type ReactElement } from "react";
import { type ApprovalHandle, useApproval } from "../hooks/use-approval.ts";
import { type OnRespond, useGivenApproval } from "../hooks/use-given-approval.ts";
import { HoldpointLook } from "../look/holdpoint-look.tsx";
import type { LookOptions } from "../look/look.ts";
import { useRootProps } from "../look/root-props.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { CardAction } from "./card-action.tsx";
import { CardActions } from "./card-actions.tsx";
import { CardComment } from "./card-comment.tsx";
import { CardContent } from "./card-content.tsx";
import type { CardVariant } from "./card-context.ts";
import { CardDiff } from "./card-diff.tsx";
import { CardEditor } from "./card-editor.tsx";
import { CardError } from "./card-error.tsx";
import { CardFrame } from "./card-frame.tsx";
import {
  CardDeadline,
  CardEscalation,
  CardHeader,
  CardMeta,
  CardRequester,
  CardRisk,
  CardTitle,
} from "./card-header.tsx";
import { CardBody, CardFooter } from "./card-layout.tsx";
import { CardMessage } from "./card-message.tsx";
import { CardOutcome } from "./card-outcome.tsx";
import { CardStages } from "./card-stages.tsx";
import type { CardState } from "./card-state.ts";

interface CommonProps extends ComponentPropsWithoutRef<"article">, Pick<LookOptions, "messages" | "classNames"> {
  /** Default `card`. */
  variant?: CardVariant;
}

/** An approval by its id, read and answered through the provider around. */
export interface ConnectedCardProps extends CommonProps {
  approvalId: string;
  approval?: undefined;
}

/** An approval that the host holds and whose responses it carries itself; needs no provider. */
export interface GivenCardProps extends CommonProps {
  approval: Approval;
  approvalId?: undefined;
  onRespond?: OnRespond;
  /** Who looks at it; without one everything that the approval allows is offered. */
  viewer?: Viewer;
}

/** Props of {@link ApprovalCard}. */
export type ApprovalCardProps = ConnectedCardProps | GivenCardProps;

const CardRoot = forwardRef<HTMLElement, ApprovalCardProps>(function ApprovalCard(props, ref): ReactElement {
  const { messages, classNames, ...rest } = props;
  return (
    <HoldpointLook messages={messages} classNames={classNames}>
      {rest.approval ? (
        <GivenCard key={rest.approval.id} {...rest} forwardedRef={ref} />
      ) : (
        <ConnectedCard key={rest.approvalId} {...rest} forwardedRef={ref} />
      )}
    </HoldpointLook>
  );
});

interface Forwarded {
  forwardedRef: ForwardedRef<HTMLElement>;
}

function GivenCard({ approval, onRespond, viewer, forwardedRef, ...rest }: GivenCardProps & Forwarded): ReactElement {
  const handle = useGivenApproval(approval, onRespond, viewer);
  return <CardFrame {...rest} ref={forwardedRef} handle={handle} approval={handle.approval ?? approval} />;
}

function ConnectedCard({ approvalId, forwardedRef, ...rest }: ConnectedCardProps & Forwarded): ReactElement {
  const handle = useApproval(approvalId);
  const { approval } = handle;
  if (!approval) return <EmptyCard {...rest} ref={forwardedRef} handle={handle} />;
  return <CardFrame {...rest} ref={forwardedRef} handle={handle} approval={approval} />;
}

/** A card whose approval is not there: yet, or at all. Renders an `<article>` element. */
const EmptyCard = forwardRef<HTMLElement, CommonProps & { handle: ApprovalHandle }>(function EmptyCard(props, ref) {
  const { handle, variant = "card", className, children: _, ...rest } = props;
  const slot = useSlots();
  const t = useMessages();
  const state = emptyState(handle);
  return (
    <article
      {...useRootProps()}
      {...rest}
      ref={ref}
      className={slot(["root", "card"], className)}
      data-variant={variant}
      data-state={state}
      aria-busy={state === "loading" || undefined}
    >
      <p className={slot("empty")} role={state === "error" ? "alert" : undefined}>
        {state === "loading" && t("card.loading")}
        {state === "not_found" && t("card.notFound")}
        {state === "error" && t("card.failed", { message: handle.error?.message ?? "" })}
      </p>
    </article>
  );
});

function emptyState({ status, error }: ApprovalHandle): CardState {
  if (status === "loading") return "loading";
  return error && error.code !== "not_found" ? "error" : "not_found";
}

/**
 * One approval, with everything needed to decide it. Renders an `<article>` element.
 *
 * Its parts can be rearranged as children: `<ApprovalCard approvalId={id}><ApprovalCard.Body>...`.
 */
export const ApprovalCard = Object.assign(CardRoot, {
  Body: CardBody,
  Footer: CardFooter,
  Header: CardHeader,
  Risk: CardRisk,
  Title: CardTitle,
  Meta: CardMeta,
  Requester: CardRequester,
  Deadline: CardDeadline,
  Escalation: CardEscalation,
  Message: CardMessage,
  Action: CardAction,
  Content: CardContent,
  Diff: CardDiff,
  Editor: CardEditor,
  Stages: CardStages,
  Comment: CardComment,
  Actions: CardActions,
  Outcome: CardOutcome,
  Error: CardError,
});
