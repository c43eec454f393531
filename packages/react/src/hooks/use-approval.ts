"use client";
import type { Approval, DecisionType, HoldpointError, RespondInput, Viewer } from "@holdpoint/core";
import { useCallback, useMemo } from "react";
import { abilityOf } from "./ability.ts";
import { useProvided } from "./store-context.ts";
import { useReadable } from "./use-readable.ts";

/** One approval, where it comes from left open: what a card needs to show it and to respond. */
export interface ApprovalHandle {
  status: "loading" | "ready" | "error";
  approval?: Approval;
  /** Who looks at it; without one everything that the approval allows is offered, and the server decides. */
  viewer?: Viewer;
  /** The response under way: submitted, not acknowledged. */
  pending?: RespondInput;
  /** Why the last response failed, or why the approval could not be read. */
  error?: HoldpointError;
  /** Whether responding has to wait for the connection. */
  offline: boolean;
  /** Resolves once the response is acknowledged; rejects with a {@link HoldpointError}. */
  respond: (response: RespondInput) => Promise<Approval>;
  /** Forgets the error. */
  dismissError: () => void;
  /** Shows others that the viewer is working on it; absent where nobody takes claims. */
  claim?: () => Promise<Approval>;
  /** Gives the viewer's claim up. */
  release?: () => Promise<Approval>;
}

/** {@link ApprovalHandle}, and what the viewer can do. */
export interface UseApproval extends ApprovalHandle {
  /** Responses that the viewer can give now. */
  allow: DecisionType[];
  /** Whether there are any, and the connection stands. */
  canRespond: boolean;
  /** Why the viewer can't respond. */
  blockedReason?: string;
}

/** One approval by its id, kept current, with the viewer's responses to it. */
export function useApproval(id: string): UseApproval {
  const { store, listener } = useProvided();
  const { status, approval, pending, error } = useReadable(useMemo(() => store.observeApproval(id), [store, id]));
  const { viewer, state } = useReadable(store.connection);
  const respond = useCallback(
    (response: RespondInput) =>
      store.respond(id, response).then(
        (answered) => {
          listener().onResponded?.(answered);
          return answered;
        },
        (failure: HoldpointError) => {
          listener().onError?.(failure);
          throw failure;
        },
      ),
    [store, listener, id],
  );
  const dismissError = useCallback(() => store.dismissError(id), [store, id]);
  const claim = useCallback(() => store.claim(id), [store, id]);
  const release = useCallback(() => store.release(id), [store, id]);
  const ability = approval && abilityOf(approval, viewer);
  const offline = state === "offline";
  return {
    status,
    approval,
    viewer,
    pending: pending?.response,
    error,
    offline,
    respond,
    dismissError,
    claim,
    release,
    allow: ability?.allow ?? [],
    canRespond: !offline && (ability?.allow.length ?? 0) > 0,
    blockedReason: ability?.blocked?.message,
  };
}
