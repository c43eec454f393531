import { type Kysely, sql } from "kysely";
import type { Tables } from "../store/tables.ts";
import type { EngineName } from "./engine.ts";

/** The schema as SQL for people to read, in a fixed order. */
export function dumpSchema(db: Kysely<Tables>, engine: EngineName): Promise<string> {
  return engine === "sqlite" ? dumpSqlite(db) : dumpPostgres(db);
}

async function dumpSqlite(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ sql: string }>`
    select sql from sqlite_master where sql is not null and name not like 'sqlite_%' order by tbl_name, type desc, name`.execute(
    db,
  );
  return rows.map((row) => `${linePerColumn(row.sql)};\n`).join("\n");
}

/** From the catalog rather than by `pg_dump`, which isn't there wherever `pg` is. */
async function dumpPostgres(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ sql: string }>`
    with tables as (select oid, relname from pg_class where relkind = 'r' and relnamespace = 'holdpoint'::regnamespace),
    parts as (
      select attrelid as oid, attnum::int as place, concat_ws(' ', attname, format_type(atttypid, atttypmod),
          'collate "' || nullif(collname, 'default') || '"', case when attnotnull then 'not null' end) as definition
        from pg_attribute left join pg_collation on pg_collation.oid = attcollation
        where attnum > 0 and not attisdropped
      union all
      select conrelid, 1000, 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    ),
    statements as (
      select relname, '' as name, 'create table ' || relname || E' (\n  '
          || string_agg(definition, E',\n  ' order by place, definition) || E'\n)' as sql
        from tables join parts using (oid) group by relname
      union all
      select relname, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        from tables join pg_index on indrelid = oid
        where indexrelid not in (select conindid from pg_constraint)
    )
    select sql from statements order by relname collate "C", name collate "C"`.execute(db);
  return rows.map((row) => `${row.sql};\n`).join("\n");
}

function linePerColumn(statement: string): string {
  const columns = statement.replace(/, (?="\w+" (?:text|integer)|constraint )/g, ",\n  ");
  return columns === statement ? statement : columns.replace("(", "(\n  ").replace(/\)((?: without rowid)?)$/, "\n)$1");
}
