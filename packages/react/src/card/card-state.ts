import type { Approval, HoldpointError, RespondInput } from "@holdpoint/core";
import type { Ability } from "../hooks/ability.ts";

/** Every `data-state` of a card's root. */
export const cardStates = [
  "loading",
  "not_found",
  "pending",
  "answering",
  "editing",
  "submitting",
  "waiting",
  "blocked",
  "changed",
  "offline",
  "error",
  "conflict",
  "approved",
  "rejected",
  "answered",
  "timed_out",
  "cancelled",
] as const;

/** Where a card stands. */
export type CardState = (typeof cardStates)[number];

/** What a card's state follows from. */
export interface CardFacts {
  approval: Approval;
  ability: Ability;
  pending?: RespondInput;
  error?: HoldpointError;
  offline: boolean;
  editing: boolean;
  /** Whether the approval is not the one that was opened any more. */
  changed: boolean;
}

/** The one state that matters most to who looks at the card now. */
export function cardState({ approval, ability, pending, error, offline, editing, changed }: CardFacts): CardState {
  // Once the approval has ended, the response has its answer, whichever way that came.
  if (pending && approval.status === "pending") return "submitting";
  if (error?.code === "already_resolved") return "conflict";
  if (approval.status !== "pending") return approval.status;
  if (changed || error?.code === "digest_mismatch") return "changed";
  if (ability.waiting) return "waiting";
  if (ability.blocked || isRefusal(error)) return "blocked";
  if (offline) return "offline";
  if (error) return "error";
  if (editing) return "editing";
  return approval.kind === "question" ? "answering" : "pending";
}

/** Whether the server has said that this viewer can't decide. */
export function isRefusal(error: HoldpointError | undefined): boolean {
  return error?.code === "not_a_reviewer" || error?.code === "self_approval" || error?.code === "forbidden";
}

/** Whether a response can be submitted in a state. */
export function isOpen(state: CardState): boolean {
  return ["pending", "answering", "editing", "waiting", "error"].includes(state);
}
