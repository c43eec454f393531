"use client";
import { type Approval, type DecisionInput, HoldpointError, type RespondInput, type Viewer } from "@holdpoint/core";
import { useState } from "react";
import type { ApprovalHandle } from "./use-approval.ts";

/**
 * Carries a response of a card without a provider to wherever the host takes it. What it resolves with is shown from
 * then on; without a value the card waits for its `approval` to change. A {@link HoldpointError} is shown by its code.
 */
export type OnRespond = (
  response: DecisionInput,
  approval: Approval,
) => Promise<Approval> | Promise<void> | Approval | void;

/** An approval that the host holds itself, as a card without a provider needs it. */
export function useGivenApproval(given: Approval, onRespond?: OnRespond, viewer?: Viewer): ApprovalHandle {
  const [answered, setAnswered] = useState<Approval>();
  const [pending, setPending] = useState<RespondInput>();
  const [error, setError] = useState<HoldpointError>();
  const approval = answered?.id === given.id && answered.version >= given.version ? answered : given;

  async function respond(response: RespondInput): Promise<Approval> {
    setPending(response);
    setError(undefined);
    try {
      const next = (await onRespond?.(response as DecisionInput, approval)) ?? approval;
      setAnswered(next);
      return next;
    } catch (thrown) {
      const failure = asHoldpointError(thrown);
      setError(failure);
      throw failure;
    } finally {
      setPending(undefined);
    }
  }

  return {
    status: "ready",
    approval,
    viewer,
    pending,
    error,
    offline: false,
    respond,
    dismissError: () => setError(undefined),
  };
}

/** What a host throws may be anything; the card tells errors apart by their codes. */
function asHoldpointError(thrown: unknown): HoldpointError {
  if (thrown instanceof HoldpointError) return thrown;
  return new HoldpointError("internal", thrown instanceof Error ? thrown.message : String(thrown));
}
