export type { InitialData } from "./approval-cache.ts";
export {
  type ChangesQuery,
  type Client,
  type ClientOptions,
  createClient,
  type DeliveriesClient,
  type EventsQuery,
  type GrantsClient,
  type GrantsQuery,
  type PolicyClient,
  type RunsClient,
} from "./client.ts";
export { type Clock, systemClock } from "./clock.ts";
export { createDrafts, type Draft, type DraftStorage, type Drafts } from "./drafts.ts";
export { type Environment, pageEnvironment } from "./environment.ts";
export { createHttpTransport, type HttpTransportOptions } from "./http-transport.ts";
export { type KeepAliveOptions, keepAlive } from "./keep-alive.ts";
export type { ListFilter } from "./list-filter.ts";
export type { ConnectionState } from "./live-line.ts";
export {
  type Connection,
  createLiveStore,
  type LiveStore,
  type LiveStoreOptions,
} from "./live-store.ts";
export type { ApprovalEntry } from "./observed-approval.ts";
export type { ApprovalList, ListSnapshot } from "./observed-list.ts";
export type { RunEntry } from "./observed-run.ts";
export { type Cell, type CellOptions, createCell, type Readable } from "./readable.ts";
export type { PendingResponse } from "./submissions.ts";
export type { GetToken } from "./tokens.ts";
export type {
  CloseReason,
  LiveConnection,
  LiveListener,
  RequestOptions,
  TokenReason,
  Transport,
} from "./transport.ts";
