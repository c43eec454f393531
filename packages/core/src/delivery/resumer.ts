import type { ApprovalKind } from "../approval/approval.ts";
import type { Outcome } from "../approval/decision.ts";
import type { Source } from "../approval/source.ts";
import type { DeliverOptions } from "./notification.ts";

/** How one approval ended, for what waits for it. */
export interface ResumedApproval {
  approvalId: string;
  /** The requester's own key. */
  key?: string;
  kind: ApprovalKind;
  /** Where the request came from; its `ref` is what the resumer finds the waiting thing by. */
  source: Source;
  outcome: Outcome;
}

/** Outcomes to be handed to what waits for them: one, or those of a whole group. */
export interface Resumption {
  /** The same on every attempt: what received it twice can tell. */
  id: string;
  tenantId: string;
  /** Key of the group whose members are delivered together. */
  group?: string;
  /** When the last of them ended, ISO 8601. */
  at: string;
  /** One; of a group, every member that this delivery is for, oldest first. */
  approvals: ResumedApproval[];
}

/** What became of a delivery: `gone` when nothing waits any more, and trying again is no use. */
export type ResumeResult = "delivered" | "already_resolved" | "gone";

/**
 * Wakes what waits for approvals outside our own runs. An outcome is delivered at least once, so `deliver` has to be
 * harmless when it is repeated; it rejects to be called again, with a {@link DeliveryError} to say when, or that it is
 * no use.
 */
export interface Resumer {
  /** `source.engine` of the approvals that it resumes. */
  readonly engine: string;
  /**
   * Asked when an approval is requested: what is wrong with its `source.ref`, as in "must have an endpoint"; undefined when
   * its outcome can be delivered. Without this, what can't be shows when it is to be delivered.
   */
  check?(source: Source, tenantId: string): string | undefined;
  deliver(resumption: Resumption, options: DeliverOptions): Promise<ResumeResult>;
}
