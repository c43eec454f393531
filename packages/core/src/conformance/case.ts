import type { ApprovalActions, Approvals } from "../approval/approvals.ts";
import type { Viewer } from "../viewer.ts";

/** All that people and programs can do to approvals. */
export type ConformingApprovals = Approvals & ApprovalActions;

/** What a case needs of the implementation under test. */
export interface ConformanceHarness {
  /** The same approvals, acting for any viewer of any tenant. */
  as(viewer: Viewer): ConformingApprovals | Promise<ConformingApprovals>;
  /** Moves the clock on, where it can be moved; otherwise the cases wait for short times to pass. */
  advance?(ms: number): void | Promise<void>;
}

/** One thing that an implementation has to do. */
export interface ConformanceCase {
  /** A sentence, to name a test by. */
  name: string;
  /** Throws when the implementation doesn't. */
  run(harness: ConformanceHarness): Promise<void>;
}
