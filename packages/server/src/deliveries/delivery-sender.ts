import {
  DeliveryError,
  type Duration,
  defaultDeliverySchedule,
  type Json,
  jsonProblem,
  nextAttemptMs,
} from "@holdpoint/core";
import { withAnySignal } from "../any-signal.ts";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { storableText } from "../runs/error-record.ts";
import type { DeadlineSource } from "../timers/deadlines.ts";
import { anyDue, claimDeliveries, nextDeliveryTimes } from "./claim-deliveries.ts";
import { type DeliveryRow, removeExpired } from "./deliveries-table.ts";
import { type AttemptEnd, finishDelivery } from "./finish-delivery.ts";
import { InFlight, type Share } from "./in-flight.ts";
import { loadParcels, type Parcel, type Send } from "./parcel.ts";

/** Named places where a crash test may stop the process. */
export type DeliveryFailpoint = (name: "after-delivery-claim" | "after-delivery-sent") => void | Promise<void>;

/** How deliveries are made. */
export interface DeliveryOptions {
  /** Deliveries that one channel or resumer has in flight on a server for each tenant. Default 10. */
  concurrency?: number;
  /** Deliveries that a server has in flight in all. Default 1,000. */
  totalConcurrency?: number;
  /** How long one attempt may take, ms; default 15,000. */
  timeoutMs?: number;
  /** Waits between the attempts; after the last one a delivery is parked. Default ten, from `1s` to `24h`. */
  schedule?: readonly Duration[];
  /** How long deliveries are kept once what they are about has ended; default `7d`. */
  keepDelivered?: Duration;
  /** How long parked deliveries can be sent again, asks until what they are about has ended at least; default `90d`. */
  keepParked?: Duration;
}

/** What else a sender is told. */
export interface SenderOptions extends DeliveryOptions {
  /** Sees to it that the sender is struck at a time, ISO 8601. */
  wakeBy?: (at: string) => void;
  /** From 0 up to 1; spreads the waits. */
  random?: () => number;
  failpoint?: DeliveryFailpoint;
}

/** Options that have no default, or that are somebody else's. */
type Elsewhere = "failpoint" | "concurrency" | "totalConcurrency" | "keepDelivered" | "keepParked";

/** How many times as long as an attempt a lease lasts: there has to be time to record what became of it. */
const leaseFactor = 3;
/** Rows removed at a time. */
const removeBatch = 500;
/** Characters of an error that are kept. */
const maxError = 1_000;

/**
 * Makes the deliveries of a server: claims what is due, sends it by its channel or resumer, records what became of it.
 * Commits of this process wake it; what others leave behind, retries and old rows come by the deadlines.
 */
export class DeliverySender implements DeadlineSource {
  readonly #ctx: Context;
  readonly #options: Required<Omit<SenderOptions, Elsewhere>> & Pick<SenderOptions, "failpoint">;
  readonly #inFlight: InFlight;
  readonly #sending = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #started = false;
  #looking: Promise<void> | undefined;
  #again = false;
  /** Rows may be due that found no room. */
  #backlog = false;
  #lookedAt = "";
  #unsubscribe = () => {};

  constructor(ctx: Context, options: SenderOptions = {}) {
    this.#ctx = ctx;
    this.#inFlight = new InFlight(options.concurrency ?? 10, options.totalConcurrency ?? 1_000);
    this.#options = {
      timeoutMs: options.timeoutMs ?? 15_000,
      schedule: options.schedule ?? defaultDeliverySchedule,
      random: options.random ?? Math.random,
      wakeBy: options.wakeBy ?? (() => undefined),
      failpoint: options.failpoint,
    };
  }

  start(): void {
    this.#started = true;
    this.#unsubscribe = this.#ctx.outbox.onQueued(() => this.#wake());
  }

  /**
   * Claims nothing more and lets attempts in flight end.
   *
   * @param deadlineMs after which they are left for others to repeat; they are told by their signal when two thirds have
   *   passed
   */
  async stop({ deadlineMs }: { deadlineMs: number }): Promise<void> {
    this.#started = false;
    this.#unsubscribe();
    await this.#looking?.catch(() => undefined);
    const grace = (deadlineMs * 2) / 3;
    if (await this.#idleWithin(grace)) return;
    this.#stopping.abort(new DeliveryError("The server is stopping."));
    await this.#idleWithin(deadlineMs - grace);
  }

  async next(): Promise<string | undefined> {
    const { dueAt, expiresAt } = await nextDeliveryTimes(this.#ctx.store.reader, this.#lookedAt);
    return dueAt !== undefined && expiresAt !== undefined && dueAt > expiresAt ? expiresAt : (dueAt ?? expiresAt);
  }

  async strike(now: string): Promise<boolean> {
    await this.#look();
    const { expiresAt } = await nextDeliveryTimes(this.#ctx.store.reader, now);
    if (expiresAt === undefined || expiresAt > now) return false;
    return (await this.#ctx.store.write((tx) => removeExpired(tx, now, removeBatch))) === removeBatch;
  }

  /** Never rejects: what it misses the deadlines find. */
  #wake(): void {
    this.#look().catch((error) => this.#ctx.logger.error({ err: error }, "can't look for deliveries"));
  }

  /** Claims what is due; several calls at once share a look, and those that come during it get another one. */
  #look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return this.#looking;
    }
    this.#looking = this.#lookAll();
    return this.#looking;
  }

  async #lookAll(): Promise<void> {
    try {
      do {
        this.#again = false;
        while (this.#started && (await this.#claim()));
      } while (this.#again && this.#started);
    } finally {
      this.#looking = undefined;
    }
  }

  /** Returns whether there may be more to claim. */
  async #claim(): Promise<boolean> {
    const { store, clock } = this.#ctx;
    const now = isoTime(clock.now());
    this.#lookedAt = now;
    const totalRoom = this.#inFlight.totalRoom();
    this.#backlog = totalRoom <= 0;
    if (this.#backlog || !(await anyDue(store.reader, now))) return false;
    const leaseUntil = isoTime(clock.now() + leaseFactor * this.#options.timeoutMs);
    const full = this.#inFlight.full();
    const limits = { now, leaseUntil, full, totalRoom, room: (share: Share) => this.#inFlight.room(share) };
    const { claimed, more } = await store.write((tx) => claimDeliveries(tx, limits));
    for (const row of claimed) this.#inFlight.add(row);
    this.#backlog =
      full.length > 0 || claimed.some((row) => this.#inFlight.room(row) <= 0) || claimed.length >= totalRoom;
    if (claimed.length > 0) this.#track(this.#sendAll(claimed));
    return more;
  }

  #track(sending: Promise<void>): void {
    this.#sending.add(sending);
    void sending.finally(() => this.#sending.delete(sending));
  }

  async #sendAll(claimed: DeliveryRow[]): Promise<void> {
    try {
      await this.#options.failpoint?.("after-delivery-claim");
      const parcels = await loadParcels(this.#ctx, claimed);
      await Promise.all(parcels.map((parcel) => this.#deliver(parcel).finally(() => this.#done(parcel.row))));
    } catch (error) {
      this.#ctx.logger.error({ err: error }, "can't read deliveries");
      for (const row of claimed) this.#done(row);
    }
  }

  /** Never rejects: what can't be recorded is sent again once its lease has ended. */
  async #deliver(parcel: Parcel): Promise<void> {
    const { row, approvalIds } = parcel;
    try {
      const end = typeof parcel.way === "function" ? await this.#attempt(parcel.row, parcel.way) : parcel.way;
      await this.#ctx.store.write((tx) => finishDelivery(this.#ctx, tx, row, end, approvalIds));
      if (end.type === "again") this.#options.wakeBy(end.dueAt);
      this.#wake();
    } catch (error) {
      this.#ctx.logger.error({ err: error, deliveryId: row.id }, "can't record a delivery");
    }
  }

  async #attempt(row: DeliveryRow, send: Send): Promise<AttemptEnd> {
    if (this.#stopping.signal.aborted) return { type: "released", untried: true };
    try {
      const sent = await this.#inTime((signal) => send({ signal }));
      await this.#options.failpoint?.("after-delivery-sent");
      if (sent === "gone") return { type: "parked", error: "What waited for this is gone." };
      return { type: "delivered", ref: this.#storable(row, sent.ref) };
    } catch (error) {
      return this.#failure(Number(row.attempts), error);
    }
  }

  /** A ref that can't be stored is no reason to send again. */
  #storable({ id, channel }: DeliveryRow, ref: Json | undefined): Json | undefined {
    const problem = jsonProblem(ref);
    if (!problem) return ref;
    this.#ctx.logger.warn({ deliveryId: id, channel }, `the channel's ref is left out: it ${problem.message}`);
    return undefined;
  }

  #failure(attempts: number, error: unknown): AttemptEnd {
    if (this.#stopping.signal.aborted) return { type: "released" };
    const { schedule, random } = this.#options;
    const message = storableText(error instanceof Error ? error.message : error).slice(0, maxError);
    const { permanent = false, retryAfterMs } = error instanceof DeliveryError ? error : {};
    const waitMs = permanent ? undefined : nextAttemptMs({ attempts, schedule, random, retryAfterMs });
    if (waitMs === undefined) return { type: "parked", error: message };
    return { type: "again", error: message, dueAt: isoTime(this.#ctx.clock.now() + waitMs) };
  }

  /** Also gives up on what doesn't heed its signal. */
  async #inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const timeout = new AbortController();
    const { timeoutMs } = this.#options;
    const cancel = this.#ctx.clock.after(timeoutMs, () =>
      timeout.abort(new DeliveryError(`There was no answer within ${timeoutMs / 1_000} s.`)),
    );
    try {
      return await withAnySignal([timeout.signal, this.#stopping.signal], (signal) => {
        signal.throwIfAborted();
        const aborted = new Promise<never>((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        });
        return Promise.race([work(signal), aborted]);
      });
    } finally {
      cancel();
    }
  }

  #done(share: Share): void {
    this.#inFlight.remove(share);
    if (this.#backlog) this.#wake();
  }

  #idleWithin(ms: number): Promise<boolean> {
    if (this.#sending.size === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.#ctx.clock.after(ms, () => resolve(false));
      void Promise.all(this.#sending).then(() => {
        cancel();
        resolve(true);
      });
    });
  }
}
