import { AsyncLocalStorage } from "node:async_hooks";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import { Alarm } from "../timers/alarm.ts";
import { anyClaimable, type Claimant, claimRuns, type Rouser, requeueOthers, strand } from "./claims-table.ts";
import type { RunFailpoint } from "./failpoint.ts";
import type { HandlerCode } from "./handler-code.ts";
import { Heartbeat } from "./heartbeat.ts";
import { HeldRun } from "./held-run.ts";
import { HeldRuns } from "./held-runs.ts";
import { pulses, releaseUnder } from "./lease-table.ts";
import { failLostRun } from "./lost-run.ts";
import { ParkedRuns } from "./parked-runs.ts";
import type { PassServices } from "./pass-parts.ts";
import { createRunLedger, type RunLedger } from "./run-ledger.ts";
import { RunReader } from "./run-reader.ts";
import type { RunRow, StoredRun } from "./run-record.ts";
import { RunVisits } from "./run-visits.ts";
import { type GateOfRun, type GateResult, withGateSettled } from "./settle-gate.ts";
import type { StepRecord } from "./step-record.ts";
import { takeUnheardRejections } from "./unheard-rejections.ts";
import type { Workflows } from "./workflows.ts";

/** How a worker works. */
export interface WorkerOptions {
  workflows: Workflows;
  /** Runs whose handlers are in memory at once. */
  concurrency: number;
  /** How long others wait before they take over the runs of a worker that has died, in ms. */
  leaseMs: number;
  /** How often to look for runs that no commit announced, in ms. */
  pollMs: number;
  /** How long a handler may await something of its own, in ms. */
  handlerStallMs: number;
  /** How often a run is taken over from workers that are gone, while it doesn't get any further. */
  maxRecoveries: number;
  wakeBy: PassServices["wakeBy"];
  random: PassServices["random"];
  /** Called for runs that have ended in this process. */
  ended: (runId: string) => void;
  failpoint?: RunFailpoint;
}

/** A run as a worker finds it; its steps aren't read when it is executed already. */
type FoundRun = Pick<StoredRun, "row"> & Partial<StoredRun>;

/** Commits of other nodes that come together are looked at together, in ms. */
const gatherMs = 50;

/** Executes runs: claims them, passes through their handlers, and keeps their leases alive meanwhile. */
export class Worker implements Rouser {
  readonly id: string;
  readonly #ctx: Context;
  readonly #options: WorkerOptions;
  readonly #reader: RunReader;
  readonly #visits: RunVisits<FoundRun | undefined>;
  /** Not where other nodes may set our runs going. */
  #parked: ParkedRuns | undefined;
  readonly #ledger: RunLedger;
  readonly #heartbeat: Heartbeat;
  readonly #alarm: Alarm;
  readonly #held: HeldRuns;
  #started = false;
  /** Whether runs may be queued for want of room. */
  #moreQueued = false;
  #looking: Promise<void> | undefined;
  readonly #running = new AsyncLocalStorage<HandlerCode>();
  #unsubscribe = () => {};
  #leaveRejections = () => {};

  constructor(ctx: Context, options: WorkerOptions) {
    this.id = ctx.newId("wrk");
    this.#ctx = ctx;
    this.#options = options;
    this.#held = new HeldRuns(ctx.clock, options.concurrency);
    this.#reader = new RunReader(ctx.store);
    this.#visits = this.#createVisits();
    this.#ledger = createRunLedger(ctx, this);
    this.#alarm = new Alarm(ctx.clock, () => void this.#look());
    const { leaseMs, failpoint } = options;
    this.#heartbeat = new Heartbeat(ctx, {
      worker: this.id,
      leaseMs,
      failpoint,
      leases: () => this.#held.leases,
      beaten: (leases, alive) => this.#held.hear(leases, alive),
    });
  }

  /** Takes up what was left by others and by earlier processes, and what comes from now on. */
  async start(): Promise<void> {
    const { store, clock } = this.#ctx;
    if (store.engine === "sqlite") {
      this.#parked = this.#createParked();
      // Only one process at a time can have a SQLite file open: whoever held these leases is gone.
      await store.write((tx) => requeueOthers(tx, this.id, this.#now()));
    } else this.#unsubscribe = store.onCommit(() => this.#alarm.by(clock.now() + gatherMs));
    this.#started = true;
    this.#leaveRejections = takeUnheardRejections((reason) => this.#takeRejection(reason));
    await this.#look();
  }

  /**
   * Claims nothing more, lets steps that are executing end, and gives all runs back for others to go on with.
   *
   * @param deadlineMs after which steps are abandoned; they are told by their signal when two thirds have passed
   */
  async stop({ deadlineMs }: { deadlineMs: number }): Promise<void> {
    this.#started = false;
    this.#unsubscribe();
    await this.#looking;
    await this.#visits.ended();
    this.#alarm.clear();
    for (const held of this.#held) held.release();
    await Promise.all(this.#held.takeQueued().map((held) => this.#giveBack(held)));
    const grace = (deadlineMs * 2) / 3;
    if (!(await this.#held.emptyWithin(grace))) {
      for (const held of this.#held) held.abort("The server is stopping.");
      if (!(await this.#held.emptyWithin(deadlineMs - grace))) await this.#abandon();
    }
    await this.#parked?.ended();
    this.#heartbeat.stop();
    this.#leaveRejections();
  }

  /** This worker, to claim what is decided, started or due right now; undefined when it has no room. */
  claimant(): Claimant | undefined {
    if (!this.#started || this.#held.size + this.#visits.size >= 2 * this.#options.concurrency) return undefined;
    return { worker: this.id, leaseUntil: isoTime(this.#ctx.clock.now() + this.#options.leaseMs) };
  }

  /** Call after commits for runs that were set going or have news, in the order of those commits. */
  roused(run: RunRow, steps?: readonly StepRecord[]): void {
    this.#parked?.take(run.id);
    if (run.status === "queued") this.#moreQueued = true;
    if (run.worker === this.id) this.#take(run, steps);
  }

  /** The same for gates: if their run waited, it was set going. */
  gateSettled(gate: GateOfRun, result: GateResult): void {
    const parked = this.#parked?.take(gate.runId);
    const settled = parked && withGateSettled(parked, gate, result);
    if (settled) this.roused(settled.row, settled.steps);
    else this.#visits.visit(gate.runId);
  }

  /** Call after commits for runs that were cancelled. */
  cancelled(runId: string): void {
    this.#parked?.take(runId);
    this.#held.get(runId)?.lose();
    this.#options.ended(runId);
  }

  /** One commit can both claim a run and bring news of it: then this is called twice with one claim, in either order. */
  #take(run: RunRow, steps?: readonly StepRecord[]): void {
    this.#visits.takenUp(run.id);
    const current = this.#held.get(run.id);
    if (current && current.lease.claim >= Number(run.claim)) {
      current.refresh();
      return;
    }
    const held = new HeldRun(run, steps);
    this.#held.add(held);
    this.#heartbeat.start();
    if (this.#started) {
      this.#held.queue(held);
      this.#advance();
    } else void this.#giveBack(held);
  }

  #createVisits(): RunVisits<FoundRun | undefined> {
    return new RunVisits<FoundRun | undefined>({
      read: async (runId) => {
        if (!this.#held.get(runId)) return this.#reader.run(runId);
        const row = await this.#reader.row(runId);
        return row && { row };
      },
      found: (runId, found) => {
        if (found) this.roused(found.row, found.steps);
        else this.#held.get(runId)?.refresh();
      },
      failed: (runId, error) => this.#ctx.logger.error({ err: error, runId }, "can't look at a run"),
    });
  }

  #createParked(): ParkedRuns {
    return new ParkedRuns({
      read: (runId) => this.#reader.run(runId),
      failed: (runId, error) => this.#ctx.logger.warn({ err: error, runId }, "can't read a run ahead"),
    });
  }

  #advance(): void {
    if (!this.#started) return;
    for (const held of this.#held.begin()) {
      void this.#execute(held).finally(() => {
        this.#held.letGo(held);
        this.#advance();
      });
    }
    if (this.#moreQueued && this.#held.size < this.#options.concurrency) void this.#look();
  }

  async #execute(held: HeldRun): Promise<void> {
    const { run } = held;
    const { workflows, failpoint, wakeBy, random, ended, maxRecoveries } = this.#options;
    try {
      await failpoint?.("after-claim");
      const workflow = workflows.find(run.workflow, Number(run.version));
      if (!workflow) return await this.#ctx.store.write((tx) => strand(tx, held.lease, this.#now()));
      const own = { ctx: this.#ctx, ledger: this.#ledger, rouser: this, running: this.#running };
      const services = { ...own, workflows, wakeBy, random, failpoint };
      if (Number(run.recoveries) > maxRecoveries) {
        await failLostRun(services, run, await this.#reader.steps(run.id));
        return ended(run.id);
      }
      const end = await held.execute(services, workflow, (runId) => this.#reader.steps(runId));
      if (end === "waits") this.#parked?.park(run.id);
      if (end === "released") await this.#giveBack(held);
      if (end === "finished") ended(run.id);
    } catch (error) {
      this.#ctx.logger.error({ err: error, runId: run.id }, "can't execute a run");
    }
  }

  /** A handler may listen later to what it has begun: whatever fails meanwhile must not end the process. */
  #takeRejection(reason: unknown): boolean {
    const code = this.#running.getStore();
    if (!code) return false;
    const { runId, step } = code;
    this.#ctx.logger.warn({ err: reason, runId, step }, "a promise of a run was rejected while nothing listened to it");
    return true;
  }

  /** Never rejects: a lease that can't be given back runs out. */
  async #giveBack(held: HeldRun): Promise<void> {
    try {
      await this.#ctx.store.write((tx) => releaseUnder(tx, held.lease, this.#now()));
    } catch (error) {
      this.#ctx.logger.warn({ err: error, runId: held.run.id }, "can't give a run back");
    }
    this.#held.letGo(held);
  }

  async #abandon(): Promise<void> {
    const held = [...this.#held];
    for (const run of held) run.lose();
    await Promise.all(held.map((run) => this.#giveBack(run)));
  }

  /** Looks for runs to execute and for news of those that are executed; at the latest, again after `pollMs`. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
      if (this.#started) this.#alarm.by(this.#ctx.clock.now() + this.#options.pollMs);
    });
    return this.#looking;
  }

  /** Never rejects. */
  async #lookNow(): Promise<void> {
    for (const held of this.#held) held.failIfStalled(this.#options.handlerStallMs);
    try {
      await this.#claimMore();
      await this.#lookForNews();
    } catch (error) {
      this.#ctx.logger.error({ err: error }, "can't look for runs");
    }
  }

  async #claimMore(): Promise<void> {
    const { workflows, concurrency } = this.#options;
    const limit = concurrency - this.#held.size;
    const claimant = this.claimant();
    if (!claimant || limit <= 0) return;
    const now = this.#now();
    this.#moreQueued = await anyClaimable(this.#ctx.store.reader, workflows, now);
    if (!this.#moreQueued) return;
    const runs = await this.#ctx.store.write((tx) => {
      // What is claimed but not yet read is as good as held.
      const held = [...this.#held.ids, ...this.#visits.runIds];
      return claimRuns(tx, workflows, claimant, { now, limit, held });
    });
    this.#moreQueued = runs.length === limit;
    for (const run of runs) this.#take(run);
  }

  /** While a run executes a step, other nodes may take the decisions that it asks for besides. */
  async #lookForNews(): Promise<void> {
    const leases = [...this.#held].flatMap(({ asks, lease }) => (asks ? lease : []));
    if (leases.length === 0) return;
    const runIds = leases.map(({ runId }) => runId);
    this.#held.hear(leases, await pulses(this.#ctx.store.reader, this.id, runIds));
  }

  #now(): string {
    return isoTime(this.#ctx.clock.now());
  }
}
