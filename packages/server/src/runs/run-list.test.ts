import { firstIdAt, type RunQuery, type RunStatus, runStatuses } from "@holdpoint/core";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isoTime } from "../iso-time.ts";
import { openTestStore, type TestStore } from "../store/test-databases.ts";
import { watchedDatabases } from "../store/test-watched-reads.ts";
import type { VisibleRuns } from "./run-access.ts";
import { listRuns } from "./run-list.ts";

const many = 100_000;
const limit = 20;

const start = Date.parse("2026-01-01T00:00:00Z");
const parent = firstIdAt("run", start - 1);

/**
 * The nth run, a second after the one before. What is rare is old: a walk from the newest would go past all the others,
 * which have ended in several ways, so that no read may go through all in one status either.
 */
function runAt(n: number) {
  const rare = n < 400;
  const openOrFailed = (["waiting", "failed", "running", "completed"] as const)[n % 4];
  const ended = (["completed", "rejected", "timed_out", "cancelled"] as const)[n % 4];
  return {
    id: firstIdAt("run", start + n * 1_000),
    key: `order-${n}`,
    status: (rare ? openOrFailed : ended) ?? "completed",
    workflow: rare && n % 3 === 0 ? "rare" : "mail",
    owner_id: rare && n % 5 === 0 ? "ana" : "bot",
    parent_run_id: rare && n % 7 === 0 ? parent : null,
    created_at: isoTime(start + n * 1_000),
  } satisfies Record<string, unknown> & { status: RunStatus };
}

const runs = Array.from({ length: many }, (_, n) => runAt(n));

async function insertMany({ write }: TestStore): Promise<void> {
  const rows = JSON.stringify(runs);
  await write(async ({ db, engine }) => {
    const given = (field: string) => sql.raw(`value ->> '${field}'`);
    const table = sql.raw(engine === "sqlite" ? "runs" : "holdpoint.runs");
    const each = engine === "sqlite" ? sql`json_each(${rows})` : sql`json_array_elements(${rows}::json)`;
    await sql`
      insert into ${table} (id, tenant_id, key, workflow, version, status, input, owner_id, settled, depth, claim,
        parent_run_id, created_at, updated_at)
      select ${given("id")}, 'acme', ${given("key")}, ${given("workflow")}, 1, ${given("status")}, '{}',
        ${given("owner_id")}, 0, 0, 0, ${given("parent_run_id")}, ${given("created_at")}, ${given("created_at")}
      from ${each}`.execute(db);
    if (engine === "postgres") await sql`analyze ${table}`.execute(db);
  });
}

type Asked = Omit<RunQuery, "limit" | "cursor">;

const longAgo = isoTime(start + 200_000);
const later = isoTime(start + 300_000);

/** What is asked for, and the index that it is read from. */
const lists: [name: string, asked: Asked, index: string][] = [
  ["all runs", {}, "runs_status"],
  ["those in one status", { status: ["waiting"] }, "runs_status"],
  ["those in the status that most are in", { status: ["completed"] }, "runs_status"],
  ["those in several statuses", { status: ["failed", "waiting", "queued"] }, "runs_status"],
  ["those in a status said twice", { status: ["failed", "failed"] }, "runs_status"],
  ["those of a workflow", { workflow: "rare" }, "runs_workflow"],
  ["those of the workflow that most are of", { workflow: "mail" }, "runs_workflow"],
  ["those of a workflow in one status", { workflow: "mail", status: ["failed"] }, "runs_workflow"],
  ["those of a workflow in several statuses", { workflow: "rare", status: ["failed", "running"] }, "runs_workflow"],
  ["one's own", { owner: "me" }, "runs_owner"],
  ["one's own in one status", { owner: "me", status: ["waiting"] }, "runs_owner"],
  ["those since a moment", { createdAfter: later }, "runs_status"],
  ["those until a moment", { createdBefore: later }, "runs_status"],
  ["those between two moments", { createdAfter: longAgo, createdBefore: later }, "runs_status"],
  [
    "those of a workflow between two moments",
    { workflow: "mail", createdAfter: longAgo, createdBefore: later },
    "runs_workflow",
  ],
  ["those in a status until a moment", { status: ["failed"], createdBefore: later }, "runs_status"],
  ["one's own until a moment", { owner: "me", createdBefore: later }, "runs_owner"],
  ["a run's children", { parentRunId: parent }, "runs_parent"],
  ["the one with a key", { key: "order-7" }, "runs_key"],
];

const scopeOf = ({ owner }: Asked): VisibleRuns => ({ tenantId: "acme", ...(owner && { ownerId: "ana" }) });

/** The meaning of a list, without SQL. */
function wanted({
  status,
  workflow,
  owner,
  createdAfter = "",
  createdBefore = "9",
  parentRunId,
  key,
}: Asked): string[] {
  const found = runs.filter(
    (run) =>
      (!status || status.includes(run.status)) &&
      (!workflow || run.workflow === workflow) &&
      (!owner || run.owner_id === "ana") &&
      (!parentRunId || run.parent_run_id === parentRunId) &&
      (!key || run.key === key) &&
      createdAfter <= run.created_at &&
      run.created_at < createdBefore,
  );
  return found.map(({ id }) => id).reverse();
}

describe.each(watchedDatabases)(`lists of ${many} runs on $name`, ({ kind, watch }) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(kind);
    await insertMany(store);
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test.each(lists)("hold %s, page by page", async (_, asked) => {
    const expected = wanted(asked).slice(0, 5 * limit);
    const listed: string[] = [];
    for (let beforeId: string | undefined, more = true; more && listed.length < expected.length; ) {
      const page = await listRuns(store.reader, scopeOf(asked), asked, { limit, beforeId });
      listed.push(...page.map(({ id }) => id));
      beforeId = page.at(-1)?.id;
      more = page.length === limit;
    }
    expect(listed).toEqual(expected);
  });

  test.each(lists)("look at few rows besides %s, by an index", async (_, asked, index) => {
    const expected = wanted(asked);
    const fewest = limit * (1 + (asked.status ?? runStatuses).length);
    // Postgres walks past others where its statistics tell it that this is shorter.
    const mostVisited = kind.engine === "sqlite" ? fewest : many / 20;
    for (const start of [0, limit, Math.floor(expected.length / 2)]) {
      const page = { limit, beforeId: expected[start - 1] };
      const read = await watch(store.reader, (db) => listRuns(db, scopeOf(asked), asked, page));
      expect(read.visited).toBeGreaterThanOrEqual(expected.slice(start, start + limit).length);
      expect(read.visited).toBeLessThanOrEqual(mostVisited);
      if (kind.engine === "sqlite") expect(read.indexes).toEqual(new Set([index, "runs_pkey"]));
      // Postgres takes what its statistics recommend, and another index where there is nothing to be found.
      else expect([...read.indexes].filter((name) => !name.startsWith("runs_"))).toEqual([]);
    }
  });

  test("end at the earlier of a moment and a page's end", async () => {
    const newest = runs.at(-1)?.id;
    const page = await listRuns(
      store.reader,
      { tenantId: "acme" },
      { createdBefore: later },
      { limit, beforeId: newest },
    );
    expect(page.map(({ id }) => id)).toEqual(wanted({ createdBefore: later }).slice(0, limit));
  });
});
