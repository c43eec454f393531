import { zeroHash } from "@holdpoint/core";
import type { Kysely } from "kysely";
import type { EngineName } from "../database/engine.ts";
import type { LogHead } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Where the logs of the tenants that a transaction appends to end; written back by {@link savingHeads} before it commits. */
export type LogHeads = Map<string, LogHead>;

/** Reads a tenant's head and, on Postgres, locks it until the transaction ends: what makes `seq` contiguous. */
export async function lockHead(db: Kysely<Tables>, engine: EngineName, tenantId: string): Promise<LogHead> {
  const query = db.selectFrom("tenants").select(["seq", "hash"]).where("id", "=", tenantId);
  if (engine === "sqlite") return (await query.executeTakeFirst()) ?? { seq: 0, hash: zeroHash };
  const head = await query.forUpdate().executeTakeFirst();
  if (head) return numbered(head);
  const empty = { id: tenantId, seq: 0, hash: zeroHash };
  await db
    .insertInto("tenants")
    .values(empty)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return numbered(await query.forUpdate().executeTakeFirstOrThrow());
}

/** The statement that writes the heads which a transaction has moved; there must be one. */
export function savingHeads(db: Kysely<Tables>, heads: LogHeads) {
  return db
    .insertInto("tenants")
    .values([...heads].map(([id, { seq, hash }]) => ({ id, seq, hash })))
    .onConflict((conflict) =>
      conflict.column("id").doUpdateSet((row) => ({ seq: row.ref("excluded.seq"), hash: row.ref("excluded.hash") })),
    );
}

/** Drivers of a host may give 64-bit integers as text. */
function numbered({ seq, hash }: LogHead): LogHead {
  return { seq: Number(seq), hash };
}
