import {
  type ApprovalActions,
  type ApprovalRequest,
  type Approvals,
  type BulkRespondInput,
  type BulkResult,
  type CallOptions,
  type Counts,
  type Delivery,
  type DeliveryQuery,
  defaultWaitSeconds,
  type EventInput,
  type Grant,
  type LogEvent,
  type Page,
  type PolicyExplanation,
  type Run,
  type RunQuery,
  type RunRequest,
  type SentEvent,
  type Subscription,
  type WaitOptions,
} from "@holdpoint/core";
import { createHttpTransport, type HttpTransportOptions } from "./http-transport.ts";
import { randomKey } from "./random-key.ts";
import type { Transport } from "./transport.ts";

/** Runs, for one viewer. */
export interface RunsClient {
  /** Starts a run, or returns the one started earlier with the same `key`. */
  start(request: RunRequest, options?: CallOptions): Promise<Run>;
  /** A run with its steps. */
  get(id: string, options?: CallOptions): Promise<Run>;
  list(query?: RunQuery, options?: CallOptions): Promise<Page<Run>>;
  /** Resolves with the run once it has ended, or as it stands after `timeout`. */
  wait(id: string, options?: WaitOptions): Promise<Run>;
  cancel(id: string, input?: { reason?: string }, options?: CallOptions): Promise<Run>;
  /** Lets a failed run go on from its recorded steps. */
  retry(id: string, options?: CallOptions): Promise<Run>;
}

/** Remembered grants, for one viewer. */
export interface GrantsClient {
  /** Newest first, ended ones too: those that the viewer gave; to admins and auditors, all. */
  list(query?: GrantsQuery, options?: CallOptions): Promise<Page<Grant>>;
  /** Ends a grant at once: from now on people are asked again. */
  revoke(id: string, options?: CallOptions): Promise<Grant>;
}

/** What a policy would do, for one viewer. */
export interface PolicyClient {
  /** What would become of a request of the viewer's, by which rule or grant; nothing is stored and no grant is used. */
  explain(request: ApprovalRequest, options?: CallOptions): Promise<PolicyExplanation>;
}

/** The outbox, for one viewer. */
export interface DeliveriesClient {
  /** Newest first; for admins and auditors. */
  list(query?: DeliveryQuery, options?: CallOptions): Promise<Page<Delivery>>;
  /** Sends again what was parked or delivered, under the same id; for admins. */
  redeliver(id: string, options?: CallOptions): Promise<Delivery>;
}

/** Which grants to read. */
export interface GrantsQuery {
  limit?: number;
  cursor?: string;
}

/** Which part of a history to read. */
export interface EventsQuery {
  limit?: number;
  cursor?: string;
}

/** Which changes to read: those since a cursor. */
export interface ChangesQuery {
  since?: string;
  limit?: number;
}

/** A server's routes, for one viewer. Every method throws the server's {@link HoldpointError}, or `unavailable`. */
export interface Client {
  readonly transport: Transport;
  readonly approvals: Approvals & ApprovalActions;
  readonly runs: RunsClient;
  readonly deliveries: DeliveriesClient;
  readonly grants: GrantsClient;
  readonly policy: PolicyClient;
  counts(options?: CallOptions): Promise<Counts>;
  /** The live feed by polling: the state, or what came since the cursor. */
  changes(query?: ChangesQuery, options?: CallOptions): Promise<Subscription>;
  /** One response to many approvals, each decided on its own: a result for each, in order. */
  bulkRespond(input: BulkRespondInput, options?: CallOptions): Promise<BulkResult[]>;
  /** Tells runs that something happened: those that wait for it, and those that will. With an `id`, once. */
  sendEvent(event: EventInput, options?: CallOptions): Promise<SentEvent>;
  /** An approval's history, oldest first. */
  events(approvalId: string, query?: EventsQuery, options?: CallOptions): Promise<Page<LogEvent>>;
}

/** Where a client sends its requests: to a server by HTTP, or wherever a transport of your own takes them. */
export type ClientOptions = HttpTransportOptions | { transport: Transport };

/** Creates a client. Nothing is requested until a method is called. */
export function createClient(options: ClientOptions): Client {
  const transport = "transport" in options ? options.transport : createHttpTransport(options);
  return {
    transport,
    approvals: approvalsOver(transport),
    runs: runsOver(transport),
    deliveries: deliveriesOver(transport),
    grants: grantsOver(transport),
    policy: { explain: (body, options) => transport.request("explainPolicy", { body }, options) },
    counts: (options) => transport.request("getCounts", {}, options),
    changes: (query = {}, options) => transport.request("getChanges", { query }, options),
    async bulkRespond(body, options) {
      return (await transport.request("bulkRespond", { body }, options)).results;
    },
    sendEvent: (body, options) => transport.request("sendEvent", { body }, options),
    events: (id, query = {}, options) => transport.request("getApprovalEvents", { params: { id }, query }, options),
  };
}

function approvalsOver(transport: Transport): Approvals & ApprovalActions {
  return {
    ...actionsOver(transport),
    request: (body, options) => transport.request("requestApproval", { body }, options),
    respond: (id, body, { signal, idempotencyKey = randomKey() } = {}) =>
      transport.request("respond", { params: { id }, headers: {}, body }, { signal, idempotencyKey }),
    cancel: (id, body = {}, options) => transport.request("cancelApproval", { params: { id }, body }, options),
    heartbeat: (id, options) => transport.request("heartbeat", { params: { id }, body: {} }, options),
    get: (id, options) => transport.request("getApproval", { params: { id } }, options),
    list: (query = {}, options) => transport.request("listApprovals", { query }, options),
    wait: (id, { timeout = defaultWaitSeconds, signal } = {}) =>
      transport.request("waitApproval", { params: { id }, query: { timeout } }, { signal }),
  };
}

function actionsOver(transport: Transport): ApprovalActions {
  return {
    reassign: (id, body, options) => transport.request("reassignApproval", { params: { id }, body }, options),
    claim: (id, body = {}, options) => transport.request("claimApproval", { params: { id }, body }, options),
    release: (id, options) => transport.request("releaseApproval", { params: { id }, body: {} }, options),
    comment: (id, body, options) => transport.request("commentOnApproval", { params: { id }, body }, options),
    consume: (id, body, { signal, idempotencyKey = randomKey() } = {}) =>
      transport.request("consumeApproval", { params: { id }, headers: {}, body }, { signal, idempotencyKey }),
  };
}

function runsOver(transport: Transport): RunsClient {
  return {
    start: (body, options) => transport.request("startRun", { body }, options),
    get: (id, options) => transport.request("getRun", { params: { id } }, options),
    list: (query = {}, options) => transport.request("listRuns", { query }, options),
    wait: (id, { timeout = defaultWaitSeconds, signal } = {}) =>
      transport.request("waitRun", { params: { id }, query: { timeout } }, { signal }),
    cancel: (id, body = {}, options) => transport.request("cancelRun", { params: { id }, body }, options),
    retry: (id, options) => transport.request("retryRun", { params: { id }, body: {} }, options),
  };
}

function deliveriesOver(transport: Transport): DeliveriesClient {
  return {
    list: (query = {}, options) => transport.request("listDeliveries", { query }, options),
    redeliver: (id, options) => transport.request("redeliver", { params: { id }, body: {} }, options),
  };
}

function grantsOver(transport: Transport): GrantsClient {
  return {
    list: (query = {}, options) => transport.request("listGrants", { query }, options),
    revoke: (id, options) => transport.request("revokeGrant", { params: { id }, body: {} }, options),
  };
}
