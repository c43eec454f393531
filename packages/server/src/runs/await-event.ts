import { type AwaitedEvent, asJson, type Json, type Trigger } from "@holdpoint/core";
import { creationOf } from "../store/events-table.ts";
import type { Transaction } from "../store/store.ts";
import { isAwaited } from "./event-filter.ts";
import { keyOf } from "./event-key.ts";
import { insertEventWait } from "./event-waits-table.ts";
import type { RunRow } from "./run-record.ts";
import { eventsAfter, type KeyedPaths, keepKeys, lockName, type PlacedEvent } from "./sent-events-table.ts";
import { beforeResult, type StepRecord } from "./step-record.ts";
import { answeredWaits, eventsHad } from "./steps-table.ts";

/** A step that is to wait for an event. */
export interface NewEventWait {
  step: StepRecord;
  awaited: AwaitedEvent;
}

/** What waits for events have found. */
export interface FoundEvents {
  /** The events found, by step. */
  found: ReadonlyMap<StepRecord, PlacedEvent>;
  /** Waits whose event another one has taken: they wait again, or have found the next one. */
  reopened: readonly StepRecord[];
}

/**
 * Begins to wait for events: a look-up first, a subscription second. What was sent since the run was created and has not
 * been had by one of its waits is found; for the others there is a row that sending looks at. The lock on the name
 * leaves no gap between the two.
 *
 * @param lost waits to which nobody listens any more: what they had is there for others, and they begin anew without it
 */
export async function awaitEvents(
  tx: Transaction,
  run: RunRow,
  waits: readonly NewEventWait[],
  lost: readonly string[],
): Promise<FoundEvents> {
  const found = new Map<StepRecord, PlacedEvent>();
  const reopened: StepRecord[] = [];
  if (waits.length === 0) return { found, reopened };
  const created = await creationOf(tx.db, run.tenant_id, run.id);
  const byName = Map.groupBy(waits, ({ awaited }) => awaited.name);
  const locked = new Map<string, KeyedPaths>();
  for (const name of [...byName.keys()].sort()) {
    locked.set(name, await lockName(tx, { tenantId: run.tenant_id, name }));
  }
  const had = new Set(await eventsHad(tx, run.id, lost));
  const spare = await answeredWaits(tx, run.id, lost);
  for (let [name, paths] of locked) {
    const waiting = byName.get(name) ?? [];
    for (const { step, awaited } of waiting) {
      const value = keyOf(awaited);
      const range = { tenantId: run.tenant_id, name, after: created };
      if (value) paths = await keepKeys(tx, range, value.path, { paths, after: created });
      const keyed = value && Object.hasOwn(paths, value.path) ? value : undefined;
      const scope = { ...range, ...(keyed && { keyed }) };
      const event = await firstOf(eventsAfter(tx, scope), (each) => !had.has(each.seq) && fits(awaited, each, run));
      if (!event) {
        await insertEventWait(tx, range, { runId: run.id, step: step.name }, keyed?.key);
        continue;
      }
      found.set(step, event);
      had.add(event.seq);
      const again = spare.filter(({ eventSeq }) => eventSeq === event.seq).map(beforeResult);
      reopened.push(...again);
      waiting.push(...again.flatMap((each) => (each.event ? { step: each, awaited: each.event } : [])));
    }
  }
  return { found, reopened };
}

/** What a run's `if` and `match` know of how it was started. */
export function triggerOf({ id, workflow, input }: Pick<RunRow, "id" | "workflow" | "input">): Trigger {
  return { id, name: workflow, data: JSON.parse(input) as Json };
}

/** What a wait records: the event as the handler gets it. */
export function eventOutput({ id, name, data, at }: PlacedEvent): Json {
  return asJson({ id, name, data, at });
}

function fits(awaited: AwaitedEvent, event: PlacedEvent, run: RunRow): boolean {
  return isAwaited(awaited, event, triggerOf(run));
}

async function firstOf<T>(pages: AsyncIterable<T[]>, is: (item: T) => boolean): Promise<T | undefined> {
  for await (const page of pages) {
    const first = page.find(is);
    if (first) return first;
  }
  return undefined;
}
