"use client";
import type { Approval } from "@holdpoint/core";
import type { ReactElement } from "react";
import { DeadlineTime } from "../card/deadline-time.tsx";
import { useApproval } from "../hooks/use-approval.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { AgentText } from "../text/agent-text.tsx";
import { visibleText } from "../text/visible-text.ts";

/** What a waiting gate asks, whom and until when, read through the provider around. Renders a `<p>` element. */
export function GateAsked({ approvalId }: { approvalId: string }): ReactElement | null {
  const { approval } = useApproval(approvalId);
  const { format, t } = useLook();
  const slot = useSlots();
  if (approval?.status !== "pending") return null;
  const asked = askedNow(approval);
  return (
    <p className={slot("run-note")}>
      <AgentText>{approval.title}</AgentText>
      {" · "}
      {t("run.asked", { names: asked.length > 0 ? format.list(asked) : String(t("stage.anyone")) })}
      {approval.deadlineAt && (
        <>
          {" · "}
          <DeadlineTime approval={approval} />
        </>
      )}
    </p>
  );
}

/** Names of the stage that is open now: its own, or of those it asks. */
function askedNow({ stages, stage }: Approval): string[] {
  const open = stages[stage];
  if (!open) return [];
  return (open.name ? [open.name] : [...open.users, ...open.groups]).map(visibleText);
}
