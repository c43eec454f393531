import { promisify } from "node:util";
import sqlite3 from "sqlite3";

/** Bytes of a stored approval's JSON in these benchmarks; the raw rows are as large. */
const bodyBytes = 1_100;

/** The least that recording a decision can cost: the same rows through the same driver, with nothing around them. */
export interface RawSqlite extends AsyncDisposable {
  /** One durable transaction: the approval's row, two chained events, the tenant's head. */
  decide(i: number): Promise<void>;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE approvals (id TEXT PRIMARY KEY, status TEXT, version INTEGER, body TEXT) WITHOUT ROWID;
  CREATE TABLE events (tenant_id TEXT, seq INTEGER, data TEXT, prev_hash TEXT, hash TEXT, PRIMARY KEY (tenant_id, seq)) WITHOUT ROWID;
  CREATE TABLE tenants (id TEXT PRIMARY KEY, seq INTEGER, hash TEXT) WITHOUT ROWID;
  INSERT INTO tenants VALUES ('acme', 0, '');
`;

/** Opens a raw database with `count` pending rows. */
export async function openRawSqlite(file: string, count: number): Promise<RawSqlite> {
  const db = await open(file);
  const exec = promisify(db.exec.bind(db)) as (sql: string) => Promise<void>;
  await exec(schema);
  await exec(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
     INSERT INTO approvals SELECT 'apr_' || i, 'pending', 1, '${"x".repeat(bodyBytes)}' FROM n`,
  );
  const select = prepare(db, "SELECT * FROM approvals WHERE id = ?");
  const update = prepare(
    db,
    "UPDATE approvals SET status = 'approved', version = 2, body = ? WHERE id = ? AND version = 1",
  );
  const insert = prepare(db, "INSERT INTO events VALUES ('acme', ?, ?, ?, ?)");
  const head = prepare(db, "UPDATE tenants SET seq = ?, hash = ? WHERE id = 'acme'");
  const hash = "0".repeat(64);
  let queue = Promise.resolve();
  const decide = async (i: number) => {
    await exec("BEGIN IMMEDIATE");
    await select.run(`apr_${i}`);
    await update.run("y".repeat(bodyBytes + 200), `apr_${i}`);
    await insert.run(2 * i + 1, "z".repeat(300), hash, hash);
    await insert.run(2 * i + 2, "z".repeat(200), hash, hash);
    await head.run(2 * i + 2, hash);
    await exec("COMMIT");
  };
  return {
    decide(i) {
      queue = queue.then(() => decide(i));
      return queue;
    },
    async [Symbol.asyncDispose]() {
      for (const statement of [select, update, insert, head]) await statement.finalize();
      await promisify(db.close.bind(db))();
    },
  };
}

function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const db = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(db)));
  });
}

function prepare(db: sqlite3.Database, sql: string) {
  const statement = db.prepare(sql);
  return {
    run: (...values: (string | number)[]) =>
      new Promise<void>((resolve, reject) => statement.all(values, (error) => (error ? reject(error) : resolve()))),
    finalize: () => new Promise<void>((resolve) => statement.finalize(() => resolve())),
  };
}
