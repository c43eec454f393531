"use client";
import type { Approval } from "@holdpoint/core";
import { useState } from "react";

/** What the viewer has looked at: a decision is about this, whatever has come since. */
export interface Seen {
  approval: Approval;
  /** Whether what is shown now differs from it. */
  changed: boolean;
  /** The viewer has looked at this version too. */
  see: (approval: Approval) => void;
}

/** Keeps hold of the approval as it was opened. */
export function useSeen(current: Approval): Seen {
  const [seen, see] = useState(current);
  const approval = seen.id === current.id ? seen : current;
  if (approval !== seen) see(current);
  return { approval, changed: approval.digest !== current.digest && current.status === "pending", see };
}
