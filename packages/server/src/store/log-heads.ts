import { zeroHash } from "@holdpoint/core";
import { type Kysely, sql } from "kysely";
import { prepared } from "../database/prepared.ts";
import type { LogHead } from "./store.ts";
import type { Tables } from "./tables.ts";

/**
 * Where the logs of the tenants that a transaction appends to end. Written before it commits: by {@link announceHeads}
 * on Postgres, by a trigger on SQLite.
 */
export type LogHeads = Map<string, LogHead>;

/** Where a tenant's log ends for one that appends to it, and that nobody else can append to until it has committed. */
export type FindHead = (db: Kysely<Tables>, tenantId: string) => Promise<LogHead>;

/** Reads a tenant's head, for a database with one writer. */
export const readHead: FindHead = async (db, tenantId) => {
  const { rows } = await headOf(db, { tenantId });
  return rows[0] ? numbered(rows[0]) : { seq: 0, hash: zeroHash };
};

/** Reads a tenant's head and locks it until the transaction ends, which is what makes `seq` contiguous on Postgres. */
export const lockHead: FindHead = async (db, tenantId) => {
  const { rows: found } = await lockedHeadOf(db, { tenantId });
  if (found[0]) return numbered(found[0]);
  await db
    .insertInto("tenants")
    .values({ id: tenantId, seq: 0, hash: zeroHash })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return lockHead(db, tenantId);
};

/** Writes the heads which a transaction has moved and tells the channel their tenants, once it has committed. */
export async function announceHeads(db: Kysely<Tables>, heads: LogHeads, channel: string): Promise<void> {
  if (heads.size > 0) await upsertHeads(db, { heads: rowsOf(heads), channel });
}

const headOf = prepared((db, { tenantId }: { tenantId: string }) =>
  db.selectFrom("tenants").select(["seq", "hash"]).where("id", "=", tenantId),
);

const lockedHeadOf = prepared((db, { tenantId }: { tenantId: string }) =>
  db.selectFrom("tenants").select(["seq", "hash"]).where("id", "=", tenantId).forUpdate(),
);

const upsertHeads = prepared((db, { heads, channel }: { heads: HeadRow[]; channel: string }) =>
  db
    .insertInto("tenants")
    .values(heads)
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((row) => ({ seq: row.ref("excluded.seq"), hash: row.ref("excluded.hash") })),
    )
    .returning(sql`pg_notify(${channel}, id)`.as("notified")),
);

type HeadRow = LogHead & { id: string };

function rowsOf(heads: LogHeads): HeadRow[] {
  return [...heads].map(([id, { seq, hash }]) => ({ id, seq, hash }));
}

/** Drivers of a host may give 64-bit integers as text. */
function numbered({ seq, hash }: LogHead): LogHead {
  return { seq: Number(seq), hash };
}
