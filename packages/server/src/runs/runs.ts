import {
  type CancelInput,
  defaultWaitSeconds,
  type EventInput,
  type Page,
  type Person,
  personOf,
  type Run,
  type RunQuery,
  type RunRequest,
  type Viewer,
  type WaitOptions,
  type Workflow,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import type { ImmediateResumer } from "../store/store.ts";
import type { Deadlines } from "../timers/deadlines.ts";
import { cancelRun } from "./cancel-run.ts";
import type { RunFailpoint } from "./failpoint.ts";
import { createForgetEvents } from "./forget-events.ts";
import { createGateResumer } from "./gate-resumer.ts";
import { runsPage } from "./list-runs.ts";
import { retryRun } from "./retry-run.ts";
import { assertVisible } from "./run-access.ts";
import { type RunRow, toRun } from "./run-record.ts";
import { RunWaiters } from "./run-waiters.ts";
import { createRunWakes } from "./run-wakes.ts";
import { endedStatuses, findRun } from "./runs-table.ts";
import { type ReceivedEvent, sendEvent } from "./send-event.ts";
import { startRun } from "./start-run.ts";
import { stepsOf } from "./steps-table.ts";
import { Worker } from "./worker.ts";
import { workflowsOf } from "./workflows.ts";

/*
 * Terminology of runs, besides the words that users meet:
 *
 * - claim: taking a run to execute it. Each claim of a run has a number one higher than the one before.
 * - lease: the right of a claim's worker to write for the run. It ends when the run waits, ends or is claimed again.
 *   Heartbeats renew it; when they stop, other workers may claim the run.
 * - held: claimed by this worker.
 * - pass: one call of the handler, from its first line over what is recorded to where it waits or ends.
 * - step: a row of a run, be it a step's function or a wait. `position` is its place in the order in which the run
 *   reached its steps, `settled` its place in the order in which their results became known, which replays keep to. The
 *   run's own `settled` counts them: a pass that knows of fewer has news to take in.
 * - gate: a step that waits for an approval or the answer to a question.
 * - suspend: to end a pass because only waits are open; from then on the run is rows. Not if one has settled meanwhile.
 * - rouse: to count a settled wait and set the run going if it waits: claimed by this worker if it has room, otherwise
 *   queued. A run that is being executed takes the news in.
 * - park: to keep a waiting run in memory as it is stored, so that it is roused without being read. SQLite only.
 * - visit: to read a run after a commit that may have roused it.
 * - drop: to go on without a call that lost a race. The database is told by withdrawing it: its approval, child run or
 *   wait for an event is cancelled.
 * - strand: to set a run aside because no workflow of its name and version is defined here; claimed where one is.
 */

/** What {@link createRuns} takes. */
export interface RunsOptions {
  /** Every version of every workflow that stored runs may still be on. */
  workflows: readonly Workflow[];
  /** Where sleeps and retries are registered; to be started by the caller. */
  deadlines: Deadlines;
  /** Runs whose handlers are in memory at once; 0 leaves them to other servers. Default 100. */
  concurrency?: number;
  /** How long others wait before they take over a dead server's runs, in ms. Default 10,000. */
  leaseMs?: number;
  /** How often to look for runs that no commit announced, in ms. Default 1,000. */
  pollMs?: number;
  /** How long a handler may await something of its own before its run fails, in ms. Default 300,000. */
  handlerStallMs?: number;
  /** How often a run is taken over from servers that are gone while it gets no further; then it fails. Default 100. */
  maxRecoveries?: number;
  /** Where retries get their jitter from: from 0 up to 1. Default `Math.random`. */
  random?: () => number;
  /** How long events are remembered for runs that wait later, in ms. Default 30 days. */
  rememberEventsMs?: number;
  /** For crash tests. */
  failpoint?: RunFailpoint;
}

/** Durable runs on the store. Methods act for a viewer; a run is visible to its owner, to admins and to auditors. */
export interface Runs {
  /**
   * Starts a run, or gives the one that was started with the same key and request, if the viewer may see it.
   *
   * @param options.owner whom the run belongs to; default the viewer
   * @param options.version of the workflow; default its latest
   * @throws {HoldpointError} `forbidden`, `invalid_request`, `idempotency_conflict`
   */
  start(viewer: Viewer, request: RunRequest, options?: { owner?: Person; version?: number }): Promise<Run>;
  /** The run with its steps. Throws `not_found`. */
  get(viewer: Viewer, id: string): Promise<Run>;
  /** Newest first, without steps. */
  list(viewer: Viewer, query?: RunQuery): Promise<Page<Run>>;
  /** Resolves once the run has ended, or with the run as it stands after `timeout` seconds; rejects when its signal is aborted. Throws `not_found`. */
  wait(viewer: Viewer, id: string, options?: WaitOptions): Promise<Run>;
  /** Lets a failed run go on from its recorded steps. Throws `not_found`, `forbidden`, `already_resolved`, `invalid_request`. */
  retry(viewer: Viewer, id: string): Promise<Run>;
  /** Ends a run and withdraws its approvals. Throws `not_found`, `forbidden`, `already_resolved`. */
  cancel(viewer: Viewer, id: string, input?: CancelInput): Promise<Run>;
  /** Sends runs an event, once by its id. Throws `forbidden`, `idempotency_conflict`. */
  send(viewer: Viewer, input: EventInput): Promise<ReceivedEvent>;
  /** Wakes runs when their approvals end. */
  readonly resumer: ImmediateResumer;
  /** Starts executing runs, first those that an earlier process left. */
  startWorker(): Promise<void>;
  /** Lets steps end, or gives their runs back, within `deadlineMs`. */
  stopWorker(options: { deadlineMs: number }): Promise<void>;
}

const defaultRememberMs = 30 * 86_400_000;

/** Creates the runs of a server; nothing happens before `startWorker`. */
export function createRuns(ctx: Context, options: RunsOptions): Runs {
  const { deadlines, concurrency = 100, leaseMs = 10_000, pollMs = 1_000, failpoint } = options;
  const { handlerStallMs = 300_000, maxRecoveries = 100, random = Math.random } = options;
  const { rememberEventsMs = defaultRememberMs } = options;
  const workflows = workflowsOf(options.workflows);
  const wakeBy = (at: string) => deadlines.nudge(at);
  const waiters = new RunWaiters(ctx);
  const ended = (runId: string) => waiters.ended(runId);
  const worker = new Worker(ctx, {
    workflows,
    concurrency,
    leaseMs,
    pollMs,
    handlerStallMs,
    maxRecoveries,
    wakeBy,
    random,
    ended,
    failpoint,
  });
  deadlines.add(createRunWakes(ctx, worker));
  deadlines.add(createForgetEvents(ctx, rememberEventsMs));

  const find = async (viewer: Viewer, id: string): Promise<RunRow> => {
    const run = await findRun(ctx.store.reader, viewer.tenantId, id);
    assertVisible(viewer, id, run);
    return run;
  };
  const withSteps = async (run: RunRow): Promise<Run> => {
    const steps = await stepsOf(ctx.store.reader, [run.id]);
    return toRun(run, steps.get(run.id));
  };
  return {
    resumer: createGateResumer(worker),
    async start(viewer, request, { owner = personOf(viewer), version } = {}) {
      const { run, created } = await startRun({ ctx, workflows, worker }, viewer, request, { owner, version });
      return created ? toRun(run, []) : withSteps(run);
    },
    get: async (viewer, id) => withSteps(await find(viewer, id)),
    list: (viewer, query = {}) => runsPage(ctx, viewer, query),
    send: (viewer, input) => sendEvent({ ctx, worker }, viewer, input),
    cancel: async (viewer, id, input) => withSteps(await cancelRun({ ctx, worker }, viewer, id, input)),
    retry: async (viewer, id) => withSteps(await retryRun({ ctx, worker, wakeBy }, viewer, id)),
    async wait(viewer, id, { timeout = defaultWaitSeconds, signal } = {}) {
      const hasEnded = async () => endedStatuses.includes((await find(viewer, id)).status);
      await waiters.wait(id, { ms: timeout * 1_000, signal, hasEnded });
      return withSteps(await find(viewer, id));
    },
    startWorker: async () => {
      if (concurrency > 0) await worker.start();
    },
    stopWorker: (stop) => worker.stop(stop),
  };
}
