import { type Kysely, sql } from "kysely";
import type { Engine } from "../engine.ts";

/**
 * Where a log ends follows by itself from what is appended, where there is one writer, which needn't lock it first: that
 * is one statement less on the way of every decision. On Postgres the head's row is the lock, and is written with it.
 */
export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  if (engine.name !== "sqlite") return;
  await sql`
    create trigger events_head after insert on events begin
      insert into tenants (id, seq, hash) values (new.tenant_id, new.seq, new.hash)
        on conflict (id) do update set seq = excluded.seq, hash = excluded.hash;
    end`.execute(db);
}
