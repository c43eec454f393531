import type { ApprovalTiming } from "../approval/approval-timing.ts";
import type { Escalation } from "../approval/ladder-rung.ts";
import { type Duration, durationMs, durationOf } from "./duration.ts";

/** Who is asked next, and how long they have. */
export interface EscalateOptions extends Escalation {
  /** Default: as long as those asked first had. */
  wait?: Duration;
}

/** How often to ask. */
export interface AskAgainOptions {
  /** Default 1. */
  times?: number;
}

/** Ways to go on when nobody answers, to be spread into a gate's request: `{ title, ...timeouts.autoReject("24h") }`. */
export const timeouts = {
  /** Silence is a no: for what is risky. */
  autoReject: (timeout: Duration) => ({ timeout, onTimeout: "reject" }),
  /** Silence is a yes: for what is harmless and urgent. */
  autoApprove: (timeout: Duration) => ({ timeout, onTimeout: "approve" }),
  /** After `wait` others are asked too, who have a wait of their own; then it times out. */
  escalate: (wait: Duration, { wait: secondWait = wait, ...escalate }: EscalateOptions) => ({
    ladder: [{ after: wait, escalate }],
    timeout: durationOf(durationMs(wait) + durationMs(secondWait)),
  }),
  /** After each `wait` the same people are told again; when that was of no use it times out. */
  askAgain: (wait: Duration, { times = 1 }: AskAgainOptions = {}) => ({
    ladder: Array.from({ length: times }, (_, i) => ({ after: durationOf(durationMs(wait) * (i + 1)), remind: true })),
    timeout: durationOf(durationMs(wait) * (times + 1)),
  }),
} as const satisfies Record<string, (wait: Duration, options: never) => ApprovalTiming>;
