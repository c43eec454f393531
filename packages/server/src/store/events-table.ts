import { hash as hashOf } from "node:crypto";
import {
  type EventType,
  type Json,
  type LogEvent,
  logEventText,
  type NewEvent,
  type Person,
  zeroHash,
} from "@holdpoint/core";
import type { Insertable, Kysely, Selectable } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { Timing } from "../database/timing.ts";
import { inPowersOfTwo } from "../in-powers-of-two.ts";
import type { LogHead } from "./store.ts";
import type { EventsTable, Tables } from "./tables.ts";

/** Rows that the log's own walk reads at a time. */
const walkPage = 500;

/** Continues a tenant's log after `head`: contiguous `seq`, each event chained to the one before it. */
export function chainEvents(
  tenantId: string,
  events: readonly NewEvent[],
  { seq, hash }: LogHead,
): { events: LogEvent[]; head: LogHead } {
  let head: LogHead = { seq, hash };
  const chain = events.map((event) => {
    const link = chained(tenantId, event, head);
    head = { seq: link.seq, hash: link.hash };
    return link;
  });
  return { events: chain, head };
}

/** Writes events that were appended to the logs of any tenants. */
export async function insertEvents(db: Kysely<Tables>, events: readonly LogEvent[], timing?: Timing): Promise<void> {
  for (const piece of inPowersOfTwo(events)) await insertRows(db, { rows: piece.map(toRow) }, timing);
}

const insertRows = prepared((db, { rows }: { rows: Insertable<EventsTable>[] }) =>
  db.insertInto("events").values(rows),
);

/** A tenant's events after `after`, oldest first. */
export async function listEvents(
  db: Kysely<Tables>,
  tenantId: string,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<LogEvent[]> {
  const rows = await db
    .selectFrom("events")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

/** The history of one approval after `after`, oldest first. */
export async function eventsOfApproval(
  db: Kysely<Tables>,
  tenantId: string,
  approvalId: string,
  { after = 0, limit }: { after?: number; limit: number },
): Promise<LogEvent[]> {
  const rows = await db
    .selectFrom("events")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("approval_id", "=", approvalId)
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows.map(fromRow);
}

/** Where a tenant's log says that a run was created. */
export async function creationOf(db: Kysely<Tables>, tenantId: string, runId: string): Promise<number> {
  const row = await db
    .selectFrom("events")
    .select("seq")
    .where("tenant_id", "=", tenantId)
    .where("run_id", "=", runId)
    .orderBy("seq")
    .limit(1)
    .executeTakeFirstOrThrow();
  return Number(row.seq);
}

/** Where a tenant's log ends; seq 0 when it is empty. */
export async function logHead(db: Kysely<Tables>, tenantId: string): Promise<LogHead> {
  return (await logHeads(db, [tenantId])).get(tenantId) ?? { seq: 0, hash: zeroHash };
}

/** Where logs end, by tenant: of the given tenants, or of all. Tenants without events are left out. */
export async function logHeads(db: Kysely<Tables>, tenantIds?: readonly string[]): Promise<Map<string, LogHead>> {
  const query = db.selectFrom("tenants").selectAll();
  const rows = await (tenantIds ? query.where("id", "in", tenantIds) : query).execute();
  return new Map(rows.map(({ id, seq, hash }) => [id, { seq: Number(seq), hash }]));
}

/** What checking a log found; `brokenAt` is the first row that is missing or isn't what was written. */
export type ChainCheck = { ok: true; events: number } | { ok: false; brokenAt: number };

/** Walks a tenant's log and checks that no row was changed, removed or put in. */
export async function verifyChain(db: Kysely<Tables>, tenantId: string): Promise<ChainCheck> {
  const end = await logHead(db, tenantId);
  let head: LogHead = { seq: 0, hash: zeroHash };
  while (head.seq < end.seq) {
    const events = await listEvents(db, tenantId, { after: head.seq, limit: walkPage });
    const broken = events.find((event) => {
      const { hash, ...expected } = { ...event, seq: head.seq + 1, prevHash: head.hash };
      if (event.seq !== expected.seq || event.prevHash !== expected.prevHash || eventHash(expected) !== hash)
        return true;
      head = event;
      return false;
    });
    if (broken || events.length === 0) return { ok: false, brokenAt: head.seq + 1 };
  }
  return head.seq === end.seq && head.hash === end.hash
    ? { ok: true, events: end.seq }
    : { ok: false, brokenAt: head.seq };
}

/** The same as core's `logEventHash`, which does without Node and takes longer. */
function eventHash(event: Omit<LogEvent, "hash">): string {
  return hashOf("sha256", logEventText(event));
}

function chained(tenantId: string, event: NewEvent, head: LogHead): LogEvent {
  const link = { ...event, tenantId, seq: head.seq + 1, prevHash: head.hash };
  return { ...link, hash: eventHash(link) };
}

function toRow(event: LogEvent): Insertable<EventsTable> {
  return {
    tenant_id: event.tenantId,
    seq: event.seq,
    type: event.type,
    approval_id: event.approvalId ?? null,
    run_id: event.runId ?? null,
    actor: event.actor ? JSON.stringify(event.actor) : null,
    data: JSON.stringify(event.data),
    at: event.at,
    prev_hash: event.prevHash,
    hash: event.hash,
  };
}

function fromRow(row: Selectable<EventsTable>): LogEvent {
  return {
    tenantId: row.tenant_id,
    seq: Number(row.seq),
    type: row.type as EventType,
    ...(row.approval_id !== null && { approvalId: row.approval_id }),
    ...(row.run_id !== null && { runId: row.run_id }),
    ...(row.actor !== null && { actor: JSON.parse(row.actor) as Person }),
    data: JSON.parse(row.data) as Json,
    at: row.at,
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}
