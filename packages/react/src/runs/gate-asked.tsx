"use client";
import type { ReactElement } from "react";
import { DeadlineTime } from "../card/deadline-time.tsx";
import { EscalationTime, escalates } from "../card/escalation-time.tsx";
import { useApproval } from "../hooks/use-approval.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { askedNames } from "../person/asked-names.ts";
import { AgentText } from "../text/agent-text.tsx";

/** Props of {@link GateAsked}. */
export interface GateAskedProps {
  approvalId: string;
  /** Leaves out what the approval itself says, for where it is shown beside. */
  brief: boolean;
}

/**
 * What a waiting gate asks, whom, since when it is escalated and until when, read through the provider around. Renders
 * a `<p>` element.
 */
export function GateAsked({ approvalId, brief }: GateAskedProps): ReactElement | null {
  const { approval } = useApproval(approvalId);
  const { format, t } = useLook();
  const slot = useSlots();
  if (approval?.status !== "pending") return null;
  const stage = approval.stages[approval.stage];
  const asked = stage ? askedNames(stage, t) : [];
  return (
    <p className={slot("run-note")}>
      {!brief && (
        <>
          <AgentText>{approval.title}</AgentText>
          {" · "}
        </>
      )}
      {t("stage.asked", { names: asked.length > 0 ? format.list(asked) : String(t("stage.anyone")) })}
      {escalates(approval) && (
        <>
          {" · "}
          <EscalationTime approval={approval} />
        </>
      )}
      {!brief && approval.deadlineAt && (
        <>
          {" · "}
          <DeadlineTime approval={approval} />
        </>
      )}
    </p>
  );
}
