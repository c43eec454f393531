"use client";
import type { HoldpointError, Outcome } from "@holdpoint/core";
import type { ComponentProps, ReactElement } from "react";
import { ArgumentsView } from "../arguments/arguments-view.tsx";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { personName } from "../person/person-name.ts";
import { AgentText } from "../text/agent-text.tsx";
import { useCard } from "./card-context.ts";
import { DecisionComments } from "./decision-comments.tsx";
import { UnsentDraft } from "./unsent-draft.tsx";
import { useOwnFocus } from "./use-own-focus.ts";

/**
 * How the approval ended: what, by whom, when and why. Takes the focus after the viewer's own response. Renders a
 * `<div>` element; while it is pending nothing, but for what a viewer had written who can't respond any more.
 */
export function CardOutcome({ className, ...rest }: ComponentProps<"div">): ReactElement | null {
  const { ability, approval, error } = useCard();
  const slot = useSlots();
  const ref = useOwnFocus<HTMLDivElement>();
  const outcome = approval.outcome ?? outcomeOfConflict(error);
  if (!outcome) return ability.allow.length === 0 ? <UnsentDraft /> : null;
  return (
    <div {...rest} ref={ref} className={slot("outcome", className)} data-outcome={outcome.status} tabIndex={-1}>
      <OutcomeTitle outcome={outcome} />
      {outcome.reason && !approval.decisions.some(({ comment }) => comment === outcome.reason) && (
        <p className={slot("outcome-reason")}>
          <AgentText>{outcome.reason}</AgentText>
        </p>
      )}
      <DecisionComments />
      {outcome.status === "answered" && outcome.answer !== undefined && (
        <ArgumentsView args={outcome.answer} schema={approval.form} />
      )}
      <UnsentDraft />
    </div>
  );
}

function OutcomeTitle({ outcome }: { outcome: Outcome }): ReactElement {
  const { approval, state, viewer } = useCard();
  const { format, t } = useLook();
  const slot = useSlots();
  const names = outcome.decidedBy.map(personName);
  const own = outcome.decidedBy.some(({ id }) => id === viewer?.id);
  return (
    <>
      {state === "conflict" && <p className={slot("outcome-conflict")}>{t("conflict.title", { own })}</p>}
      <p className={slot("outcome-title")}>
        {outcome.status === "timed_out"
          ? t("outcome.timedOut", { approved: outcome.approved, rejected: approval.onTimeout === "reject" })
          : t("outcome.title", {
              status: outcome.status,
              names: names.length > 0 ? format.list(names) : undefined,
              edited: outcome.edited ?? false,
            })}{" "}
        <time className={slot("status")} dateTime={outcome.at}>
          {format.dateTime(outcome.at)}
        </time>
      </p>
    </>
  );
}

/** What the server said when the response came too late. */
function outcomeOfConflict(error: HoldpointError | undefined): Outcome | undefined {
  if (error?.code !== "already_resolved") return undefined;
  return (error.details as { outcome?: Outcome } | undefined)?.outcome;
}
