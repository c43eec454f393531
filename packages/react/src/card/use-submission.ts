"use client";
import type { Approval, DecisionInput, DecisionType, HoldpointError, Json } from "@holdpoint/core";
import { useRef, useState } from "react";
import type { ApprovalHandle } from "../hooks/use-approval.ts";
import type { FocusTarget } from "../hooks/use-focus-target.ts";
import type { CardFocus } from "./card-context.ts";
import { type Obstacle, obstacleTo } from "./obstacle.ts";

/** What sending a response needs to know. */
export interface SubmissionInput {
  handle: ApprovalHandle;
  /** What the viewer has looked at. */
  seen: Approval;
  comment: string | undefined;
  /** Whether the card takes responses now. */
  open: boolean;
  foldedCount: () => number;
  focus: FocusTarget<CardFocus>;
  /** The response was acknowledged; this is the approval as it then stood. */
  onAcknowledged: (approval: Approval) => void;
}

/** The way of a response from a button to the server. */
export interface Submission {
  submit: (type: DecisionType, value?: Json) => void;
  retry: () => void;
  obstacle?: Obstacle;
  clearObstacle: () => void;
}

/** Sends one response at a time, however often a button is pressed. */
export function useSubmission(input: SubmissionInput): Submission {
  const { handle, seen, comment, open, foldedCount, focus, onAcknowledged } = input;
  const [obstacle, setObstacle] = useState<Obstacle>();
  const [, setEnded] = useState(0);
  const busy = useRef(false);
  const last = useRef<[DecisionType, Json | undefined]>(undefined);

  async function send(response: DecisionInput): Promise<void> {
    busy.current = true;
    try {
      onAcknowledged(await handle.respond(response));
      focus.send("outcome");
    } catch (failure) {
      if ((failure as HoldpointError).code === "already_resolved") focus.send("outcome");
    } finally {
      busy.current = false;
      setEnded((count) => count + 1);
    }
  }

  function submit(type: DecisionType, value?: Json): void {
    if (busy.current || !open) return;
    const response = responseTo(seen, type, value, comment);
    const inTheWay = obstacleTo(seen, response, foldedCount());
    setObstacle(inTheWay);
    if (inTheWay) return;
    last.current = [type, value];
    void send(response);
  }

  return {
    submit,
    retry: () => last.current && submit(...last.current),
    obstacle,
    clearObstacle: () => setObstacle(undefined),
  };
}

function responseTo(seen: Approval, type: DecisionType, value: Json | undefined, comment = ""): DecisionInput {
  const response: DecisionInput = { type, digest: seen.digest };
  if (comment.trim() !== "") response.comment = comment.trim();
  if (type === "edit") response.args = value;
  if (type === "answer") response.answer = value;
  return response;
}
