// A host's workflow file needs one import: what it uses of core comes with the server.
export {
  askHuman,
  definePolicy,
  HoldpointError,
  Interrupt,
  NonRetriableError,
  NotApprovedError,
  type Policy,
  type PolicyRule,
  parsePolicy,
  RetryAfterError,
  type RunContext,
  StepError,
  sequence,
  timeouts,
  type Viewer,
  type Workflow,
  workflow,
} from "@holdpoint/core";
export type { LookUpGroups } from "./approvals/group-lookup.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { HostDatabase } from "./database/database.ts";
export type { DeliveryOptions } from "./deliveries/delivery-sender.ts";
export { createHoldpoint, type Holdpoint, type StopOptions } from "./holdpoint.ts";
export type { HostEvents, ViewerEvents } from "./host-events.ts";
export type { HostRuns, RunOf, RunOwner, ViewerRuns } from "./host-runs.ts";
export type { RateLimit } from "./http/rate-limit.ts";
export type { ApiKeys, CreatedApiKey, NewApiKey } from "./identity/api-keys.ts";
export { type Authenticate, anyOf, bearerToken, type Credentials } from "./identity/authenticate.ts";
export {
  type SessionTokenClaims,
  type SessionTokenOptions,
  type SessionTokens,
  sessionTokens,
} from "./identity/session-tokens.ts";
export type { HoldpointOptions } from "./options.ts";
export type { HostPolicy, ViewerGrants, ViewerPolicy } from "./policy/host-policy.ts";
export type { PolicyOption } from "./policy/policy-source.ts";
export type { ApiKey } from "./store/api-keys-table.ts";
export type { ImmediateResumer, Transaction } from "./store/store.ts";
