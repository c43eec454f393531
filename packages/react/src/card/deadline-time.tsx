"use client";
import type { Approval } from "@holdpoint/core";
import type { ComponentProps, ReactElement } from "react";
import { useDeadline } from "../hooks/use-deadline.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";

/** Props of {@link DeadlineTime}. */
export interface DeadlineTimeProps extends ComponentProps<"time"> {
  approval: Approval;
  /** `long` says what happens then. Default `short`. */
  wording?: "short" | "long";
}

/** How long a pending approval waits; nothing for one that waits for ever. Renders a `<time>` element. */
export function DeadlineTime({
  approval,
  wording = "short",
  className,
  ...rest
}: DeadlineTimeProps): ReactElement | null {
  const slot = useSlots();
  const { format, t } = useLook();
  const deadline = useDeadline(approval.status === "pending" ? approval.deadlineAt : undefined);
  if (!deadline || !approval.deadlineAt) return null;
  const time = format.span(deadline.remainingMs);
  const text =
    wording === "short" ? t("deadline.left", { time }) : t("deadline.full", { time, onTimeout: approval.onTimeout });
  return (
    <time
      suppressHydrationWarning
      {...rest}
      className={slot("deadline", className)}
      dateTime={approval.deadlineAt}
      title={format.dateTime(approval.deadlineAt)}
      data-expiring={deadline.expiring || undefined}
    >
      {deadline.over ? t("deadline.over") : text}
    </time>
  );
}
