import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { openStore } from "./open-store.ts";
import { sharedTestDatabases, type TestDatabaseKind } from "./test-databases.ts";

/** Opens a store on a database, and disposes of both, in this order or the other one. */
async function use(
  kind: TestDatabaseKind,
  work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<unknown>,
  order: "closed first" | "left open" = "closed first",
): Promise<unknown> {
  const database = await kind.create();
  const store = await openStore({ database: database.location() });
  await work(store);
  if (order === "closed first") await store.close();
  await database[Symbol.asyncDispose]();
  if (order === "left open") await store.close();
  return database.location();
}

const append: Parameters<typeof use>[1] = (store) =>
  store.write((tx) => tx.append("acme", [{ type: "run.created", data: {}, at: "2026-01-01T00:00:00.000Z" }]));

describe.each(sharedTestDatabases)("a test database on $name", (kind) => {
  test("is used again, without a row", async () => {
    const used = await use(kind, append);
    const again = await use(kind, async ({ reader }) => {
      expect(await reader.selectFrom("events").select("type").execute()).toEqual([]);
      expect(await reader.selectFrom("tenants").select("id").execute()).toEqual([]);
    });
    expect(again).toBe(used);
  });

  test.each([
    "alter table holdpoint.events add column other integer",
    "drop index holdpoint.approvals_updated",
    "insert into holdpoint.tenants (id, seq, hash) values ('acme', 1, ''); analyze holdpoint.tenants",
  ])("isn't used again after: %s", async (statement) => {
    const used = await use(kind, async ({ reader }) => {
      for (const one of statement.split("; ")) await sql.raw(one).execute(reader);
    });
    expect(await use(kind, append)).not.toBe(used);
  });

  test("isn't used again while somebody has it open", async () => {
    const used = await use(kind, append, "left open");
    expect(await use(kind, append)).not.toBe(used);
  });
});
