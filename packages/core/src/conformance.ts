import { accessCases } from "./conformance/access-cases.ts";
import type { ConformanceCase } from "./conformance/case.ts";
import { type ChannelCase, channelCases } from "./conformance/channel-cases.ts";
import { claimCases } from "./conformance/claim-cases.ts";
import { commentCases } from "./conformance/comment-cases.ts";
import { consumeCases } from "./conformance/consume-cases.ts";
import { ladderCases } from "./conformance/ladder-cases.ts";
import { listCases } from "./conformance/list-cases.ts";
import { reassignCases } from "./conformance/reassign-cases.ts";
import { requestCases } from "./conformance/request-cases.ts";
import { respondCases } from "./conformance/respond-cases.ts";
import { type ResumerCase, resumerCases } from "./conformance/resumer-cases.ts";
import { stageCases } from "./conformance/stage-cases.ts";
import { waitCases } from "./conformance/wait-cases.ts";

export type { ConformanceCase, ConformanceHarness, ConformingApprovals } from "./conformance/case.ts";
export type { ChannelCase, ChannelHarness, ServiceState } from "./conformance/channel-cases.ts";
export type { ResumerCase, ResumerHarness, WaiterState } from "./conformance/resumer-cases.ts";

/** What every `NotificationChannel` does, as named cases; each wants a channel and a service of its own. */
export const channelConformance: readonly ChannelCase[] = channelCases;

/** What every `Resumer` does, as named cases; each wants a resumer and something that waits of its own. */
export const resumerConformance: readonly ResumerCase[] = resumerCases;

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
