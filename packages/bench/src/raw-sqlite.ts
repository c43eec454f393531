import { promisify } from "node:util";
import sqlite3 from "sqlite3";

/** Bytes of a stored approval's JSON in these benchmarks; the raw rows are as large. */
const bodyBytes = 1_100;

/**
 * The least that recording a decision can cost: the same rows through the same driver, with nothing around them, and in
 * one statement, since each is a round trip to another thread.
 */
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
  CREATE VIEW decisions AS SELECT NULL AS id, NULL AS body, NULL AS seq, NULL AS first, NULL AS second, NULL AS hash;
  CREATE TRIGGER decided INSTEAD OF INSERT ON decisions BEGIN
    UPDATE approvals SET status = 'approved', version = 2, body = new.body WHERE id = new.id AND version = 1;
    INSERT INTO events VALUES ('acme', new.seq, new.first, new.hash, new.hash);
    INSERT INTO events VALUES ('acme', new.seq + 1, new.second, new.hash, new.hash);
    UPDATE tenants SET seq = new.seq + 1, hash = new.hash WHERE id = 'acme';
  END;
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
  const record = prepare(db, "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?)");
  const hash = "0".repeat(64);
  const body = "y".repeat(bodyBytes + 200);
  let queue = Promise.resolve();
  const decide = (i: number) => record.run(`apr_${i}`, body, 2 * i + 1, "z".repeat(300), "z".repeat(200), hash);
  return {
    decide(i) {
      queue = queue.then(() => decide(i));
      return queue;
    },
    async [Symbol.asyncDispose]() {
      await record.finalize();
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
      new Promise<void>((resolve, reject) =>
        statement.run(values, (error: Error | null) => (error ? reject(error) : resolve())),
      ),
    finalize: () => new Promise<void>((resolve) => statement.finalize(() => resolve())),
  };
}
