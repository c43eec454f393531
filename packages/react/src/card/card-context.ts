"use client";
import type { Approval, DecisionType, FieldError, HoldpointError, Json, Viewer } from "@holdpoint/core";
import { createContext, type RefObject, useContext } from "react";
import type { Ability } from "../hooks/ability.ts";
import type { UseDraft } from "../hooks/use-draft.ts";
import type { CardState } from "./card-state.ts";
import type { Obstacle } from "./obstacle.ts";

/** How much room a card takes: framed, one of many in a text, or filling a pane. */
export type CardVariant = "card" | "inline" | "detail";

/** Where the focus goes: to what became of a response, into the form, back to the button that opened it. */
export type CardFocus = "outcome" | "editor" | "edit_button";

/** What the parts of a card share. */
export interface CardContextValue {
  approval: Approval;
  /** The approval as the viewer opened it: what a response is about. */
  seen: Approval;
  viewer?: Viewer;
  ability: Ability;
  state: CardState;
  variant: CardVariant;
  draft: UseDraft[0];
  updateDraft: UseDraft[1];
  editing: boolean;
  startEditing: () => void;
  /** Goes back to reading; what was written stays in the draft. */
  stopEditing: () => void;
  /** Drops what was written. */
  startOver: () => void;
  /** Counts how often the viewer started over: forms that hold text of their own restart with it. */
  attempt: number;
  /** The response under way. */
  submitting?: DecisionType;
  /** What the last try ran into before it was sent. */
  obstacle?: Obstacle;
  error?: HoldpointError;
  /** What the server found wrong in the fields. */
  fieldErrors: readonly FieldError[];
  /** Sends a response with the draft's comment, unless one is under way or something is in the way. */
  submit: (type: DecisionType, value?: Json) => void;
  /** Sends the last response again. */
  retry: () => void;
  /** Says that the changed approval has been looked at. */
  acknowledgeChange: () => void;
  /** Claims it for the viewer, and gives the claim up; absent where nobody takes claims. */
  claim?: () => Promise<Approval>;
  release?: () => Promise<Approval>;
  /** True once for the part that the focus was sent to. */
  takeFocus: (part: CardFocus) => boolean;
  /** Whether the focus is in the card, or was in a part of it that has gone away. */
  hasFocus: RefObject<boolean>;
  cardRef: RefObject<HTMLElement | null>;
  ids: { title: string; comment: string; notice: string; form: string };
}

/** The card around a part. */
export const CardContext = createContext<CardContextValue | undefined>(undefined);

/**
 * What the card around knows, for parts of one's own.
 *
 * @throws {Error} outside a card
 */
export function useCard(): CardContextValue {
  const card = useContext(CardContext);
  if (!card) throw new Error("This part belongs inside an <ApprovalCard>.");
  return card;
}
