import type {
  ChangesFrame,
  Head,
  LiveNotice,
  RouteInput,
  RouteName,
  RouteOutput,
  Routes,
  Subscription,
} from "@holdpoint/core";

/** Why a token is asked for: a first connection, one that was refused, or one that is about to run out. */
export type TokenReason = "connect" | "unauthorized" | "expiring";

/** For one request. */
export interface RequestOptions {
  signal?: AbortSignal;
  /** Sent as `Idempotency-Key`; kept across the retries of one call. */
  idempotencyKey?: string;
}

/**
 * Why a live connection ended: it was `lost` after it had opened, the credentials were `refused`, or it was
 * `unreachable`: nothing that speaks the protocol answered.
 */
export type CloseReason = "lost" | "refused" | "unreachable";

/** What hears from a live connection. */
export interface LiveListener {
  /** Accepted by the server: time to subscribe. */
  opened(): void;
  frame(frame: ChangesFrame): void;
  head(head: Head): void;
  notice(notice: LiveNotice): void;
  /** The last call, once per connection; never after `LiveConnection.close()`. */
  closed(reason: CloseReason): void;
}

/** One live connection, from the attempt to its end. It doesn't reconnect: the live store opens the next one. */
export interface LiveConnection {
  /** Asks for the state, or for what came since `cursor`. Rejects when the connection ends first. */
  subscribe(cursor?: string): Promise<Subscription>;
  close(): void;
}

/** How the kit reaches a server. Over HTTP and Socket.IO by default; stories and tests bring their own. */
export interface Transport {
  /**
   * Calls one route of core's route table.
   *
   * @throws {HoldpointError} the server's error, or `unavailable` when there was no answer
   */
  request<R extends RouteName>(
    route: R,
    input: RouteInput<Routes[R]>,
    options?: RequestOptions,
  ): Promise<RouteOutput<Routes[R]>>;
  /** Starts one attempt at a live connection; `reason` says which token to use: a fresh one unless `connect`. */
  connect(listener: LiveListener, reason: TokenReason): LiveConnection;
}
