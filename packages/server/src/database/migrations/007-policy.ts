import type { Kysely } from "kysely";
import type { Engine } from "../engine.ts";

/** Remembered grants: looked up by scope when an approval is requested, and listed by who gave them. */
export async function up(db: Kysely<unknown>, { text, integer }: Engine): Promise<void> {
  await db.schema
    .createTable("grants")
    .addColumn("tenant_id", text, (column) => column.notNull())
    .addColumn("id", text, (column) => column.notNull())
    .addColumn("scope", text, (column) => column.notNull())
    .addColumn("by_id", text, (column) => column.notNull())
    .addColumn("uses", integer, (column) => column.notNull())
    .addColumn("max_uses", integer)
    .addColumn("expires_at", text, (column) => column.notNull())
    .addColumn("revoked_at", text)
    .addColumn("revoked_by", text)
    .addColumn("body", text, (column) => column.notNull())
    .addPrimaryKeyConstraint("grants_pk", ["tenant_id", "id"])
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on("grants");
  await index("grants_scope").columns(["tenant_id", "scope", "expires_at"]).execute();
  await index("grants_expiry").column("expires_at").execute();
  await index("grants_by").columns(["tenant_id", "by_id", "id"]).execute();
}
