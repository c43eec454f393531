import { HoldpointError, type LiveNotice, type Subscription } from "@holdpoint/core";
import { type Backoff, fullJitter } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Environment } from "./environment.ts";
import { FeedFollower, type FeedSink } from "./feed-follower.ts";
import { Poller } from "./poller.ts";
import { Renewal } from "./renewal.ts";
import type { CloseReason, LiveConnection, LiveListener, TokenReason, Transport } from "./transport.ts";

/**
 * What the line to the server is doing: nothing yet, finding a server for the first time, following it live or by
 * polling, getting back to it, waiting for a network, or waiting for credentials that the server takes.
 */
export type ConnectionState = "idle" | "connecting" | "live" | "reconnecting" | "polling" | "offline" | "unauthorized";

/** What takes in the feed and hears how the line is. */
export interface LineSink extends FeedSink {
  /** The line does something else now. */
  state(state: ConnectionState): void;
  /** The server has just confirmed what we hold. */
  heard(): void;
}

/** What a line works with. */
export interface LiveLineOptions {
  transport: Transport;
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  environment: Environment;
  sink: LineSink;
}

/** Waits between attempts at a live connection, and while polling stands in for one. */
const backoff: Backoff = { baseMs: 1_000, capMs: 30_000 };
const pollingBackoff: Backoff = { baseMs: 30_000, capMs: 60_000 };

/** Attempts in a row that reach nothing before polling starts. */
const unreachableBeforePolling = 2;

/** Silence, ms, after which a page that is shown again catches up. */
const staleMs = 5_000;

/** The longest wait, ms, before what was missed is asked for. */
const gapPauseMs = 500;

/**
 * Keeps a line to the server: connects, subscribes, catches up, renews credentials, and when it breaks connects again
 * for as long as it takes. Where no live connection can be had it polls, and goes on trying.
 */
export class LiveLine {
  readonly #options: LiveLineOptions;
  readonly #follower: FeedFollower;
  readonly #poller: Poller;
  readonly #renewal: Renewal;
  #state: ConnectionState = "idle";
  #connection: LiveConnection | undefined;
  /** Whether the server has accepted `#connection`. */
  #open = false;
  /** Which token the next attempt is to use. */
  #reason: TokenReason = "connect";
  #failures = 0;
  #unreachable = 0;
  #heardAt = 0;
  #cancelAttempt: (() => void) | undefined;
  #cancelCatchUp: (() => void) | undefined;
  #unlisten: (() => void)[] = [];

  constructor(options: LiveLineOptions) {
    this.#options = options;
    const { clock, random, transport, sink } = options;
    this.#renewal = new Renewal(clock, () => this.#renew());
    this.#follower = new FeedFollower(clock, {
      synced: (answer, askedAt) => {
        this.#renewal.schedule(answer.viewer.expiresAt, answer.now);
        sink.synced(answer, askedAt);
      },
      changes: (changes) => sink.changes(changes),
      gone: (gone) => sink.gone(gone),
    });
    this.#poller = new Poller({
      clock,
      random,
      ask: (signal) => transport.request("getChanges", { query: { since: this.#follower.cursor } }, { signal }),
      answered: (answer, askedAt) => this.#polled(answer, askedAt),
      failed: (error) => this.#pollFailed(error),
    });
  }

  start(): void {
    if (this.#state !== "idle") return;
    const { environment } = this.#options;
    this.#unlisten = [environment.onWake(() => this.#wake()), environment.onOffline(() => this.#setState("offline"))];
    this.#setState("connecting");
    this.#connect("connect");
  }

  stop(): void {
    for (const unlisten of this.#unlisten) unlisten();
    this.#unlisten = [];
    this.#cancelNextAttempt();
    this.#poller.stop();
    this.#hangUp();
    this.#reason = "connect";
    this.#failures = 0;
    this.#unreachable = 0;
    this.#setState("idle");
  }

  /** Does now what would be done later: the next attempt, the next poll, or catching up on what was missed. */
  hurry(): void {
    if (this.#state === "idle") return;
    this.#poller.hurry();
    if (!this.#connection) this.#connect(this.#reason);
    else if (this.#open) this.#catchUp();
  }

  #connect(reason: TokenReason): void {
    this.#cancelNextAttempt();
    this.#reason = "connect";
    const listener: LiveListener = {
      opened: () => {
        this.#open = true;
        this.#catchUp();
      },
      frame: (frame) => this.#heard(this.#follower.frame(frame)),
      head: (head) => this.#heard(this.#follower.head(head)),
      notice: (notice) => this.#noticed(notice),
      closed: (why) => this.#closed(why),
    };
    this.#connection = this.#options.transport.connect(listener, reason);
  }

  #hangUp(): void {
    this.#renewal.cancel();
    this.#cancelCatchUp?.();
    this.#cancelCatchUp = undefined;
    this.#connection?.close();
    this.#connection = undefined;
    this.#open = false;
    this.#follower.reset();
  }

  #catchUp(): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#cancelCatchUp?.();
    this.#cancelCatchUp = undefined;
    const current = () => connection === this.#connection;
    this.#follower.catchUp(connection).then(
      (inStep) => current() && this.#caughtUp(inStep),
      () => current() && this.#closed("lost"),
    );
  }

  #caughtUp(inStep: boolean): void {
    this.#failures = 0;
    this.#unreachable = 0;
    this.#poller.stop();
    this.#setState("live");
    this.#heard(inStep);
  }

  /** Something came from the server; `inStep` is false when something before it did not. */
  #heard(inStep: boolean): void {
    if (inStep) {
      this.#heardAt = this.#options.clock.now();
      this.#options.sink.heard();
    } else {
      this.#cancelCatchUp ??= this.#options.clock.after(gapPauseMs * this.#options.random(), () => this.#catchUp());
    }
  }

  #noticed({ reason }: LiveNotice): void {
    if (reason === "stale") this.#catchUp();
    else if (reason === "expired") this.#renew();
    else if (reason === "revoked") this.#reason = "unauthorized";
  }

  /** Changes over to fresh credentials. Nothing shows of it unless it fails. */
  #renew(): void {
    this.#hangUp();
    this.#connect("expiring");
  }

  #closed(why: CloseReason): void {
    this.#hangUp();
    this.#failures += 1;
    this.#unreachable = why === "unreachable" ? this.#unreachable + 1 : 0;
    if (why === "refused") {
      this.#reason = "unauthorized";
      this.#poller.stop();
    } else if (this.#unreachable >= unreachableBeforePolling) {
      this.#poller.start();
    }
    // A token that has run out since the last connection is no news yet.
    const mayBeOldToken = why === "refused" && this.#failures === 1;
    if (!mayBeOldToken && !this.#poller.active) this.#setState(this.#stateWithout(this.#reason === "unauthorized"));
    this.#attemptIn(mayBeOldToken ? 0 : this.#waitMs());
  }

  #attemptIn(ms: number): void {
    this.#cancelAttempt = this.#options.clock.after(ms, () => this.#connect(this.#reason));
  }

  #waitMs(): number {
    return fullJitter(this.#failures, this.#state === "polling" ? pollingBackoff : backoff, this.#options.random);
  }

  #cancelNextAttempt(): void {
    this.#cancelAttempt?.();
    this.#cancelAttempt = undefined;
  }

  /** What to say of a line that is down. */
  #stateWithout(refused: boolean): ConnectionState {
    if (refused) return "unauthorized";
    if (!this.#options.environment.online()) return "offline";
    return this.#follower.cursor === undefined ? "connecting" : "reconnecting";
  }

  #polled(answer: Subscription, askedAt: number): void {
    const isBack = this.#state !== "polling";
    this.#follower.accept(answer, askedAt);
    this.#setState("polling");
    this.#heard(true);
    if (isBack && !this.#connection) this.#connect(this.#reason);
  }

  #pollFailed(error: unknown): void {
    this.#setState(this.#stateWithout(error instanceof HoldpointError && error.code === "unauthenticated"));
  }

  /** The page is shown, or the network is back. */
  #wake(): void {
    const silentMs = this.#options.clock.now() - this.#heardAt;
    if (silentMs > staleMs || this.#state !== "live") this.hurry();
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.sink.state(state);
  }
}
