"use client";
import type { Approval, Person, Viewer } from "@holdpoint/core";
import { useDeadline } from "./use-deadline.ts";

/** A claim that holds. */
export interface Claim {
  by: Person;
  /** ISO 8601. */
  until: string;
  /** Whether it is the viewer's. */
  own: boolean;
}

/** Who is working on an approval; undefined once the claim is over by this clock, whether or not the server has said so. */
export function useClaim(
  { claimedBy, claimExpiresAt }: Pick<Approval, "claimedBy" | "claimExpiresAt">,
  viewer: Viewer | undefined,
): Claim | undefined {
  const end = useDeadline(claimExpiresAt);
  if (!claimedBy || !claimExpiresAt || end?.over) return undefined;
  return { by: claimedBy, until: claimExpiresAt, own: claimedBy.id === viewer?.id };
}
