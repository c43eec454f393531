import { promisify } from "node:util";
import sqlite3 from "sqlite3";

/** What a paused run consists of; what is measured is the room that these take. */
const tables = ["runs", "steps", "approvals", "approval_audience", "events"];

/** The ids that tell one paused run from another: 26 characters after a prefix. */
interface Template {
  runId: string;
  approvalId: string;
}

/**
 * Multiplies the paused run in a SQLite file that nobody has open: the same rows, as large, under other ids. Starting a
 * hundred thousand runs would take minutes and leave the same. The log's hashes don't hold afterwards.
 */
export async function copyPausedRun(file: string, { runId, approvalId }: Template, copies: number): Promise<void> {
  const db = new sqlite3.Database(file);
  const all = (text: string, values: unknown[] = []) =>
    new Promise<{ name: string }[]>((resolve, reject) => {
      db.all<{ name: string }>(text, values, (error, rows) => (error ? reject(error) : resolve(rows)));
    });
  await all("begin");
  for (const table of tables) {
    const columns = (await all(`select name from pragma_table_info('${table}')`)).map(({ name }) => name);
    const values = columns.map((column) => copied(table, column)).join(", ");
    await all(
      `with recursive copies(n) as (select 1 union all select n + 1 from copies where n < ?3)
       insert into ${table} ("${columns.join('", "')}")
       select ${values} from copies, (select * from ${table} where ?1 || ?2 <> '') as t`,
      [runId, approvalId, copies],
    );
  }
  await all("commit");
  await all("pragma wal_checkpoint(truncate)");
  await promisify(db.close.bind(db))();
}

/** A column's value in the n-th copy: with its own ids, and its own place in the log. */
function copied(table: string, column: string): string {
  if (table === "events" && column === "seq") return "seq + n * (select max(seq) from events)";
  return `case typeof("${column}") when 'text' then replace(replace("${column}", ?1, ${id("?1")}), ?2, ${id("?2")}) else "${column}" end`;
}

/** The template's id with the number of the copy at its end, as long as before. */
function id(template: string): string {
  return `substr(${template}, 1, 24) || printf('%06d', n)`;
}
