import { accessCases } from "./conformance/access-cases.ts";
import type { ConformanceCase } from "./conformance/case.ts";
import { claimCases } from "./conformance/claim-cases.ts";
import { commentCases } from "./conformance/comment-cases.ts";
import { consumeCases } from "./conformance/consume-cases.ts";
import { ladderCases } from "./conformance/ladder-cases.ts";
import { listCases } from "./conformance/list-cases.ts";
import { reassignCases } from "./conformance/reassign-cases.ts";
import { requestCases } from "./conformance/request-cases.ts";
import { respondCases } from "./conformance/respond-cases.ts";
import { stageCases } from "./conformance/stage-cases.ts";
import { waitCases } from "./conformance/wait-cases.ts";

export type { ConformanceCase, ConformanceHarness, ConformingApprovals } from "./conformance/case.ts";

/**
 * What every implementation of `Approvals` and `ApprovalActions` does, as named cases that throw when it doesn't; run each as a test of
 * whatever runner you use. Each case works in a tenant of its own, so that they can share a server.
 */
export const approvalsConformance: readonly ConformanceCase[] = [
  ...requestCases,
  ...respondCases,
  ...stageCases,
  ...accessCases,
  ...listCases,
  ...waitCases,
  ...ladderCases,
  ...reassignCases,
  ...claimCases,
  ...commentCases,
  ...consumeCases,
];
