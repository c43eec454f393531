import BetterSqlite3 from "better-sqlite3";
import {
  AndNode,
  ExplainNode,
  type Kysely,
  type KyselyPlugin,
  OperationNodeTransformer,
  type QueryResult,
  type SelectQueryNode,
  SqliteDialect,
  sql,
  type UnknownRow,
  WhereNode,
} from "kysely";
import type { Tables } from "./tables.ts";
import { sharedTestDatabases, sqliteKind, type TestDatabaseKind } from "./test-databases.ts";

/** What a query looked at. */
export interface WatchedRead {
  /** Rows and entries of indexes, given or passed over. */
  visited: number;
  /** By which it found them, and what it did where it used none. */
  indexes: Set<string>;
}

/** Runs a query and tells what the database did for it. */
export type WatchRead = (db: Kysely<Tables>, query: (db: Kysely<Tables>) => Promise<unknown>) => Promise<WatchedRead>;

/** A database to count rows on: `describe.each(watchedDatabases)("$name", ({ kind, watch }) => ...)`. */
export interface WatchedDatabase {
  name: string;
  kind: TestDatabaseKind;
  watch: WatchRead;
}

const counting = "visited()";
let visited = 0;

/** SQLite tells nobody how many rows it passes over, so a function counts them that every `where` begins with. */
const countedSqlite = sqliteKind("better-sqlite3", (filename) => {
  const database = new BetterSqlite3(filename);
  database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000");
  database.function("visited", { deterministic: false }, () => {
    visited += 1;
    return 1;
  });
  return { engine: "sqlite", dialect: new SqliteDialect({ database }) };
});

/** Both engines, each with its way to be watched. */
export const watchedDatabases: WatchedDatabase[] = [
  { name: countedSqlite.name, kind: countedSqlite, watch: watchSqlite },
  ...sharedTestDatabases.map((kind) => ({ name: kind.name, kind, watch: watchPostgres })),
];

/** Has every `where` count the rows that it is asked about. */
class CountVisited extends OperationNodeTransformer implements KyselyPlugin {
  transformQuery({ node }: Parameters<KyselyPlugin["transformQuery"]>[0]) {
    return this.transformNode(node);
  }

  async transformResult({ result }: { result: QueryResult<UnknownRow> }) {
    return result;
  }

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const select = super.transformSelectQuery(node);
    // A query within another one comes here more than once.
    if (!select.where || JSON.stringify(select.where.where).includes(counting)) return select;
    const counted = AndNode.create(sql.raw(counting).toOperationNode(), select.where.where);
    return { ...select, where: WhereNode.create(counted) };
  }
}

/** Has queries explained; what they would give is left out. */
class Explain implements KyselyPlugin {
  readonly rows: UnknownRow[] = [];
  readonly #explain: ExplainNode;

  constructor(explain: ExplainNode) {
    this.#explain = explain;
  }

  transformQuery({ node }: Parameters<KyselyPlugin["transformQuery"]>[0]) {
    return node.kind === "SelectQueryNode" ? { ...node, explain: this.#explain } : node;
  }

  async transformResult({ result }: { result: QueryResult<UnknownRow> }) {
    this.rows.push(...result.rows);
    return { rows: [] };
  }
}

async function watchSqlite(...[db, query]: Parameters<WatchRead>): Promise<WatchedRead> {
  const explain = new Explain(ExplainNode.create(undefined, sql`query plan`.toOperationNode()));
  await query(db.withPlugin(explain));
  const steps = explain.rows.map(({ detail }) => String(detail)).filter((step) => /^SEARCH|^SCAN (?!read)/.test(step));
  const before = visited;
  await query(db.withPlugin(new CountVisited()));
  return { visited: visited - before, indexes: new Set(steps.map(indexOf)) };
}

/** The index that a step of SQLite's plan uses, named as on Postgres; the step itself if it uses none. */
function indexOf(step: string): string {
  const [, table, index] = /^SEARCH (\w+) USING (?:COVERING )?(?:INDEX (\w+)|PRIMARY KEY)/.exec(step) ?? [];
  return index ?? (table ? `${table}_pkey` : step);
}

interface PlanNode {
  "Node Type": string;
  "Index Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  Plans?: PlanNode[];
}

async function watchPostgres(...[db, query]: Parameters<WatchRead>): Promise<WatchedRead> {
  const explain = new Explain(ExplainNode.create("json", sql`analyze`.toOperationNode()));
  await query(db.withPlugin(explain));
  const plans = explain.rows.flatMap((row) => row["QUERY PLAN"] as { Plan: PlanNode }[]);
  const scans = plans.flatMap(({ Plan }) => nodesOf(Plan)).filter((node) => /Scan$/.test(node["Node Type"]));
  const rows = scans.map(
    (node) => node["Actual Loops"] * (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)),
  );
  const indexed = scans.filter((node) => node["Node Type"] !== "Bitmap Heap Scan");
  return {
    visited: rows.reduce((sum, count) => sum + count, 0),
    indexes: new Set(indexed.map((node) => node["Index Name"] ?? node["Node Type"])),
  };
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
