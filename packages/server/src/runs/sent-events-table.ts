import type { Json, SentEvent } from "@holdpoint/core";
import type { Kysely, Selectable } from "kysely";
import type { SentEventsTable } from "../store/sent-event-tables.ts";
import type { Transaction } from "../store/store.ts";
import type { Tables } from "../store/tables.ts";
import { type KeyedValue, keyAt } from "./event-key.ts";

/** An event and its place in the tenant's log. */
export interface PlacedEvent extends SentEvent {
  seq: number;
}

/** The name of an event within a tenant. */
export interface EventName {
  tenantId: string;
  name: string;
}

/** The paths that waits look events of one name up by, each with the place from which on events have keys for it. */
export type KeyedPaths = { [path: string]: number };

/** Paths by which events of one name can be looked up; waits that use others are looked at one by one. */
const mostPaths = 50;

/** Events read or written at a time. */
const page = 200;

/** Locks an event's name: nobody else sends such an event, or begins to wait for one, until the transaction ends. */
export async function lockName(tx: Transaction, { tenantId, name }: EventName): Promise<KeyedPaths> {
  const { paths } = await tx.db
    .insertInto("event_names")
    .values({ tenant_id: tenantId, name, paths: "{}" })
    .onConflict((conflict) =>
      conflict.columns(["tenant_id", "name"]).doUpdateSet((row) => ({ paths: row.ref("event_names.paths") })),
    )
    .returning("paths")
    .executeTakeFirstOrThrow();
  return JSON.parse(paths) as KeyedPaths;
}

/** An event by its id, and the hash of what was sent. */
export async function findSentEvent(
  db: Kysely<Tables>,
  tenantId: string,
  id: string,
): Promise<{ event: PlacedEvent; requestHash: string } | undefined> {
  const row = await db
    .selectFrom("sent_events")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("id", "=", id)
    .executeTakeFirst();
  return row && { event: fromRow(row), requestHash: row.request_hash };
}

/**
 * Remembers an event, whose name must be locked; false when another one has its id.
 *
 * @returns the keys by which it can be looked up
 */
export async function insertSentEvent(
  tx: Transaction,
  tenantId: string,
  event: PlacedEvent,
  { requestHash, paths }: { requestHash: string; paths: KeyedPaths },
): Promise<string[] | false> {
  const { numInsertedOrUpdatedRows } = await tx.db
    .insertInto("sent_events")
    .values({
      tenant_id: tenantId,
      seq: event.seq,
      id: event.id,
      request_hash: requestHash,
      name: event.name,
      data: JSON.stringify(event.data),
      at: event.at,
    })
    .onConflict((conflict) => conflict.columns(["tenant_id", "id"]).doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) return false;
  const keys = Object.keys(paths).flatMap((path) => keyAt(event.data, path) ?? []);
  const row = (key: string) => ({ tenant_id: tenantId, name: event.name, key, seq: event.seq });
  if (keys.length > 0) await tx.db.insertInto("sent_event_keys").values(keys.map(row)).execute();
  return keys;
}

/** Makes events after `after` findable by a path, unless they are or there are too many paths; the name must be locked. */
export async function keepKeys(
  tx: Transaction,
  { tenantId, name }: EventName,
  path: string,
  { paths, after }: { paths: KeyedPaths; after: number },
): Promise<KeyedPaths> {
  const before = paths[path];
  if (before !== undefined && before <= after) return paths;
  const extended = { ...paths, [path]: after };
  if (Object.keys(extended).length > mostPaths) return paths;
  for await (const events of eventsAfter(tx, { tenantId, name, after, until: before })) {
    const rows = events.flatMap(({ seq, data }) => {
      const key = keyAt(data, path);
      return key === undefined ? [] : { tenant_id: tenantId, name, key, seq };
    });
    if (rows.length === 0) continue;
    await tx.db
      .insertInto("sent_event_keys")
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await tx.db
    .updateTable("event_names")
    .set({ paths: JSON.stringify(extended) })
    .where("tenant_id", "=", tenantId)
    .where("name", "=", name)
    .execute();
  return extended;
}

/** Which remembered events to read: those after one place in the log, up to another. */
export interface EventRange extends EventName {
  after: number;
  until?: number;
  /** Only those that have this value. */
  keyed?: KeyedValue;
}

/** Events of a name, oldest first, some at a time. */
export async function* eventsAfter(tx: Transaction, range: EventRange): AsyncGenerator<PlacedEvent[], void> {
  for (let after: number | undefined = range.after; after !== undefined; ) {
    const rows: Selectable<SentEventsTable>[] = await eventsPage(tx.db, { ...range, after }).execute();
    const events = rows.map(fromRow);
    if (events.length > 0) yield events;
    after = events.length === page ? events.at(-1)?.seq : undefined;
  }
}

function eventsPage(db: Kysely<Tables>, { tenantId, name, after, until, keyed }: EventRange) {
  let query = db
    .selectFrom("sent_events")
    .selectAll("sent_events")
    .where("sent_events.tenant_id", "=", tenantId)
    .where("sent_events.name", "=", name)
    .where("sent_events.seq", ">", after);
  if (until !== undefined) query = query.where("sent_events.seq", "<=", until);
  if (keyed) query = query.where("sent_events.seq", "in", seqsOf(db, { tenantId, name, after, keyed }));
  return query.orderBy("sent_events.seq").limit(page);
}

function seqsOf(db: Kysely<Tables>, range: EventRange & { keyed: KeyedValue }) {
  return db
    .selectFrom("sent_event_keys")
    .select("seq")
    .where("tenant_id", "=", range.tenantId)
    .where("name", "=", range.name)
    .where("key", "=", range.keyed.key)
    .where("seq", ">", range.after)
    .orderBy("seq")
    .limit(page);
}

/** When the oldest event that is remembered came, over all tenants. */
export async function oldestEventAt(db: Kysely<Tables>): Promise<string | undefined> {
  const row = await db.selectFrom("sent_events").select("at").orderBy("at").limit(1).executeTakeFirst();
  return row?.at;
}

/** Forgets up to `limit` events that came before `at`; how many there were. */
export async function forgetEvents(tx: Transaction, at: string, limit: number): Promise<number> {
  const rows = await tx.db
    .selectFrom("sent_events")
    .select(["tenant_id", "seq"])
    .where("at", "<", at)
    .orderBy("at")
    .limit(limit)
    .execute();
  for (const [tenantId, events] of Map.groupBy(rows, (row) => row.tenant_id)) {
    const seqs = events.map(({ seq }) => seq);
    for (const table of ["sent_event_keys", "sent_events"] as const) {
      await tx.db.deleteFrom(table).where("tenant_id", "=", tenantId).where("seq", "in", seqs).execute();
    }
  }
  return rows.length;
}

/** Forgets names of which no event is remembered and for which nothing waits. */
export async function forgetNames(tx: Transaction): Promise<void> {
  await tx.db
    .deleteFrom("event_names")
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("sent_events")
            .select("sent_events.seq")
            .whereRef("sent_events.tenant_id", "=", "event_names.tenant_id")
            .whereRef("sent_events.name", "=", "event_names.name"),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("event_waits")
            .select("event_waits.step")
            .whereRef("event_waits.tenant_id", "=", "event_names.tenant_id")
            .whereRef("event_waits.name", "=", "event_names.name"),
        ),
      ),
    )
    .execute();
}

function fromRow(row: Selectable<SentEventsTable>): PlacedEvent {
  const { id, name, data, at } = row;
  return { id, name, data: JSON.parse(data) as Json, at, seq: Number(row.seq) };
}
