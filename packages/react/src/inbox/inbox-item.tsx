"use client";
import type { Approval } from "@holdpoint/core";
import { type ComponentProps, type ReactElement, type RefObject, useEffect, useRef } from "react";
import { ClaimNote } from "../card/claim-note.tsx";
import { DeadlineTime } from "../card/deadline-time.tsx";
import { stageProgress } from "../card/stage-progress.ts";
import { useClaim } from "../hooks/use-claim.ts";
import { useConnection } from "../hooks/use-connection.ts";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { RiskLevel } from "../risk/risk-level.tsx";
import { AgentText } from "../text/agent-text.tsx";
import { useInbox } from "./inbox-context.ts";

/** Props of {@link InboxItem}. */
export interface InboxItemProps extends ComponentProps<"div"> {
  approval: Approval;
  /** From 1. */
  position: number;
}

/** One row of the list. Renders a `<div role="option">` element. */
export function InboxItem({ approval, position, className, ...rest }: InboxItemProps): ReactElement {
  const { list, open, openId, rowId } = useInbox();
  const slot = useSlots();
  const ref = useRowFocus(approval.id);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around handles the keys of all its rows
    <div
      {...rest}
      ref={ref}
      role="option"
      className={slot("item", className)}
      aria-selected={approval.id === openId}
      aria-posinset={position}
      aria-setsize={list.hasMore ? -1 : list.items.length}
      tabIndex={approval.id === rowId ? 0 : -1}
      data-id={approval.id}
      data-kind={approval.kind}
      data-risk={approval.risk}
      data-status={approval.status}
      data-departed={list.departed.has(approval.id) || undefined}
      onClick={() => open(approval.id)}
    >
      <div>
        <div className={slot("item-title")}>
          <AgentText>{approval.title}</AgentText>
        </div>
        <ItemLine approval={approval} />
      </div>
      <ItemSide approval={approval} />
    </div>
  );
}

/** The row takes the focus when it was sent there. */
function useRowFocus(id: string): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  const { rowId, takeFocus } = useInbox();
  useEffect(() => {
    if (id === rowId && takeFocus("row")) ref.current?.focus();
  });
  return ref;
}

/** Where it comes from or, while somebody is on it, who: in the same line, so that no claim moves the rows below. */
function ItemLine({ approval }: { approval: Approval }): ReactElement {
  const { viewer } = useConnection();
  const slot = useSlots();
  const claim = useClaim(approval, viewer);
  if (!claim) return <ItemMeta approval={approval} />;
  return (
    <div className={slot(["item-meta", "item-claim"])} data-claim={claim.own ? "own" : "other"}>
      <ClaimNote claim={claim} />
    </div>
  );
}

function ItemMeta({ approval }: { approval: Approval }): ReactElement {
  const { format, t } = useLook();
  const slot = useSlots();
  const now = useNow();
  const { action, kind, requestedBy, createdAt } = approval;
  return (
    <div className={slot("item-meta")}>
      {kind === "question" && <span className={slot("item-fact")}>{t("kind.question")}</span>}
      {action && (
        <code className={slot(["item-fact", "action-name"])}>
          <AgentText>{action.name}</AgentText>
        </code>
      )}
      {requestedBy && (
        <span className={slot("item-fact")}>
          <AgentText>{requestedBy.name ?? requestedBy.id}</AgentText>
        </span>
      )}
      <span className={slot("item-fact")}>
        <time dateTime={createdAt} suppressHydrationWarning>
          {format.relative(createdAt, now)}
        </time>
      </span>
    </div>
  );
}

function ItemSide({ approval }: { approval: Approval }): ReactElement {
  const slot = useSlots();
  const t = useMessages();
  const current = stageProgress(approval).find(({ standing }) => standing === "current");
  const progress = current?.needed !== undefined && current.needed > 1 ? current : undefined;
  const { status } = approval;
  return (
    <div className={slot("item-side")}>
      <RiskLevel risk={approval.risk} />
      {status !== "pending" && <span>{t("status.name", { status })}</span>}
      <DeadlineTime approval={approval} />
      {progress && !approval.deadlineAt && status === "pending" && (
        <span>{t("stage.of", { approved: progress.approvals.length, needed: progress.needed ?? 0 })}</span>
      )}
    </div>
  );
}
