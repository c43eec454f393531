"use client";
import type { Approval, HoldpointError } from "@holdpoint/core";
import { useRef, useState } from "react";
import { type Claim, useClaim } from "../hooks/use-claim.ts";
import { useCard } from "./card-context.ts";

/** The claim on the card's approval, and what the viewer can do about it. */
export interface Claiming {
  claim?: Claim;
  /** Claims it, or gives the viewer's claim up; absent where they can do neither. */
  act?: () => void;
  busy: boolean;
  /** Why the last try failed, unless what is shown says it. */
  error?: HoldpointError;
}

/** A claim is offered to those who can decide, where others can too. */
export function useClaiming(): Claiming {
  const { approval, viewer, ability, state, claim: take, release } = useCard();
  const claim = useClaim(approval, viewer);
  const [error, setError] = useState<HoldpointError>();
  const [busy, setBusy] = useState(false);
  const underWay = useRef(false);

  async function run(change: () => Promise<Approval>): Promise<void> {
    if (underWay.current || state === "offline") return;
    underWay.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await change();
    } catch (failure) {
      setError(failure as HoldpointError);
    }
    underWay.current = false;
    setBusy(false);
  }

  const decides = viewer !== undefined && ability.allow.length > 0 && !ability.waiting;
  const mayTake = !claim && decides && isShared(approval);
  const change = claim?.own ? release : mayTake ? take : undefined;
  return { claim, act: change && (() => void run(change)), busy, error: error && isTold(error) ? undefined : error };
}

/** Whether more than one person is asked now. */
function isShared({ stages, stage }: Approval): boolean {
  const { users, groups } = stages[stage] ?? { users: [], groups: [] };
  return users.length !== 1 || groups.length > 0;
}

/** Somebody else's claim, or the end, is there to see. */
function isTold({ code }: HoldpointError): boolean {
  return code === "already_claimed" || code === "already_resolved";
}
