import {
  canonicalJson,
  type EventInput,
  HoldpointError,
  personOf,
  routes,
  type SentEvent,
  sha256Hex,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { assertRole } from "../identity/assert-role.ts";
import { inPowersOfTwo, largestPiece } from "../in-powers-of-two.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { eventOutput } from "./await-event.ts";
import type { Claimant } from "./claims-table.ts";
import { isAwaited } from "./event-filter.ts";
import { noKey } from "./event-key.ts";
import { endAnsweredWaits, eventWaiters, lockEventWaits, type OpenEventWait } from "./event-waits-table.ts";
import { rouseAll } from "./run-news.ts";
import { findSentEvent, insertSentEvent, lockName, type PlacedEvent } from "./sent-events-table.ts";
import { answerWaits } from "./steps-table.ts";
import type { Worker } from "./worker.ts";

/** An event, and whether it came for the first time. */
export interface ReceivedEvent {
  event: SentEvent;
  created: boolean;
}

/** Runs looked at together: whole pieces, as they are written. */
const batch = 4 * largestPiece;

/**
 * Remembers an event and gives it to the runs that wait for it, all in one transaction. The same event again, by its
 * `id`, changes nothing.
 *
 * @throws {HoldpointError} `forbidden`; `idempotency_conflict` when the id was used with a different event
 */
export async function sendEvent(
  { ctx, worker }: { ctx: Context; worker: Worker },
  viewer: Viewer,
  input: EventInput,
): Promise<ReceivedEvent> {
  assertRole(viewer, routes.sendEvent);
  const { tenantId } = viewer;
  const { id = ctx.newId("evt"), name, data = null } = input;
  const requestHash = sha256Hex(canonicalJson({ name, data }));
  return ctx.store.write(async (tx) => {
    const paths = await lockName(tx, { tenantId, name });
    const earlier = input.id === undefined ? undefined : await findSentEvent(tx.db, tenantId, id);
    if (earlier && earlier.requestHash !== requestHash) throw conflict(id);
    if (earlier) return { event: withoutPlace(earlier.event), created: false };
    const at = isoTime(ctx.clock.now());
    const [logged] = await tx.append(tenantId, [
      { type: "event.received", actor: personOf(viewer), data: { id, name }, at },
    ]);
    const event: PlacedEvent = { id, name, data, at, seq: logged?.seq ?? 0 };
    const keys = await insertSentEvent(tx, tenantId, event, { requestHash, paths });
    // One of another name, by somebody who came at the same time.
    if (!keys) throw conflict(id);
    await deliver(tx, worker, { tenantId, event, keys: [noKey, ...keys] });
    return { event: withoutPlace(event), created: true };
  });
}

async function deliver(
  tx: Transaction,
  worker: Worker,
  { tenantId, event, keys }: { tenantId: string; event: PlacedEvent; keys: string[] },
): Promise<void> {
  // For the first runs only: one process has no room for all that an event may wake, and the others are queued.
  let claimant = worker.claimant();
  for (let afterRun: string | undefined = ""; afterRun !== undefined; ) {
    const waiters = await eventWaiters(tx.db, { tenantId, name: event.name }, keys, { afterRun, limit: batch });
    const open = waiters.length > 0 ? await lockEventWaits(tx, waiters) : [];
    const due = open.filter(({ awaited, trigger }) => isAwaited(awaited, event, trigger));
    for (const runs of inPowersOfTwo([...Map.groupBy(due, (wait) => wait.runId)])) {
      await give(tx, worker, { runs: new Map(runs), event, claimant });
      claimant = undefined;
    }
    const runs = new Set(waiters.map(({ runId }) => runId));
    afterRun = runs.size === batch ? waiters.at(-1)?.runId : undefined;
  }
}

async function give(
  tx: Transaction,
  worker: Worker,
  { runs, event, claimant }: { runs: Map<string, OpenEventWait[]>; event: PlacedEvent; claimant?: Claimant },
): Promise<void> {
  const news = [...runs].map(([runId, waits]) => ({ runId, results: waits.length }));
  const roused = await rouseAll(tx, news, { claimant, now: event.at });
  const answered = roused.flatMap((run) => {
    const waits = runs.get(run.id) ?? [];
    const before = Number(run.settled) - waits.length;
    return waits.map(({ runId, step }, i) => ({ runId, step, settled: before + i + 1 }));
  });
  for (const waits of inPowersOfTwo(answered)) {
    await answerWaits(tx, waits, { output: eventOutput(event), now: event.at, eventSeq: event.seq });
    await endAnsweredWaits(tx, waits);
  }
  tx.afterCommit(() => {
    for (const run of roused) worker.roused(run);
  });
}

function withoutPlace({ seq, ...event }: PlacedEvent): SentEvent {
  return event;
}

function conflict(id: string): HoldpointError {
  return new HoldpointError(
    "idempotency_conflict",
    `id: event "${id}" was already sent with different content; repeat that content, or use another id.`,
  );
}
