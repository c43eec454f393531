"use client";
import type { Approval, Viewer } from "@holdpoint/core";
import { type ComponentPropsWithoutRef, type ForwardedRef, forwardRef, type ReactElement, useRef } from "react";
import { useApproval } from "../hooks/use-approval.ts";
import { type OnRespond, useGivenApproval } from "../hooks/use-given-approval.ts";
import { HoldpointLook } from "../look/holdpoint-look.tsx";
import type { LookOptions } from "../look/look.ts";
import { CardAction } from "./card-action.tsx";
import { CardActions } from "./card-actions.tsx";
import { CardClaim } from "./card-claim.tsx";
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
import { EmptyCard } from "./empty-card.tsx";

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
  const hasFocus = useRef(false);
  const shown = handle.approval ?? approval;
  return <CardFrame {...rest} ref={forwardedRef} handle={handle} approval={shown} hasFocus={hasFocus} />;
}

function ConnectedCard({ approvalId, forwardedRef, ...rest }: ConnectedCardProps & Forwarded): ReactElement {
  const handle = useApproval(approvalId);
  const hasFocus = useRef(false);
  const shared = { ...rest, ref: forwardedRef, handle, hasFocus };
  const { approval } = handle;
  return approval ? <CardFrame {...shared} approval={approval} /> : <EmptyCard {...shared} approvalId={approvalId} />;
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
  Claim: CardClaim,
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
