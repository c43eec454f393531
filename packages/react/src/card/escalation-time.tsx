"use client";
import { type Approval, rungDueAt } from "@holdpoint/core";
import type { ComponentProps, ReactElement } from "react";
import { useDeadline } from "../hooks/use-deadline.ts";
import { useNow } from "../hooks/use-now.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";

/** Props of {@link EscalationTime}. */
export interface EscalationTimeProps extends ComponentProps<"time"> {
  approval: Approval;
}

/** Since when more people have been asked or, before that, how long until they will be. Renders a `<time>` element, or nothing. */
export function EscalationTime({ approval, className, ...rest }: EscalationTimeProps): ReactElement | null {
  const slot = useSlots();
  const { format, t } = useLook();
  const now = useNow();
  const { escalatedAt } = approval;
  const nextAt = nextEscalationAt(approval);
  const next = useDeadline(nextAt);
  const at = escalatedAt ?? nextAt;
  if (!at) return null;
  return (
    <time
      suppressHydrationWarning
      {...rest}
      className={slot("escalation", className)}
      dateTime={at}
      title={format.dateTime(at)}
      data-escalated={(escalatedAt && approval.status === "pending") || undefined}
    >
      {escalatedAt
        ? t("escalation.since", { time: format.relative(escalatedAt, now) })
        : t("escalation.next", { time: format.span(next?.remainingMs ?? 0) })}
    </time>
  );
}

/** Whether {@link EscalationTime} has something to say. */
export function escalates(approval: Approval): boolean {
  return (approval.escalatedAt ?? nextEscalationAt(approval)) !== undefined;
}

function nextEscalationAt(approval: Approval): string | undefined {
  if (approval.status !== "pending") return undefined;
  const rung = approval.ladder.slice(approval.rung ?? 0).find((ahead) => "escalate" in ahead);
  return rung && rungDueAt(approval, rung);
}
