import type { NewEvent } from "@holdpoint/core";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";
import { sharedTestDatabases } from "./test-databases.ts";

const event: NewEvent = { type: "run.created", data: {}, at: "2026-01-01T00:00:00.000Z" };

function append(store: Store, tenantId: string): Promise<unknown> {
  return store.write((tx) => tx.append(tenantId, [event]));
}

/** Resolves when the store hears that this tenant's log has grown. */
function heard(store: Store, tenantId: string): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = store.onCommit((tenantIds) => {
      if (!tenantIds.has(tenantId)) return;
      unsubscribe();
      resolve();
    });
  });
}

describe.each(sharedTestDatabases)("another node on $name", (kind) => {
  test("is told of commits", async () => {
    await using database = await kind.create();
    const [here, there] = [
      await openStore({ database: database.location() }),
      await openStore({ database: database.location() }),
    ];
    const told = heard(there, "acme");
    await append(here, "acme");
    await told;
    await Promise.all([here.close(), there.close()]);
  });

  test("catches up after its connection was cut", async () => {
    await using database = await kind.create();
    const errors: unknown[] = [];
    const here = await openStore({ database: database.location() });
    const there = await openStore({ database: database.location(), onError: (error) => errors.push(error) });
    const told = heard(there, "missed");
    await append(here, "missed-before");
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'listen %'`.execute(here.reader);
    await append(here, "missed");
    await told;
    expect(errors.length).toBeGreaterThan(0);
    const again = heard(there, "later");
    await append(here, "later");
    await again;
    await Promise.all([here.close(), there.close()]);
  });

  test("gets its turn when two transactions lock each other out", async () => {
    await using database = await kind.create();
    const nodes = [
      await openStore({ database: database.location() }),
      await openStore({ database: database.location() }),
    ] as const;
    await append(nodes[0], "left");
    await append(nodes[0], "right");
    const holding = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let attempts = 0;
    const crossing = async (i: 0 | 1, tenantIds: [string, string]) =>
      nodes[i].write(async (tx) => {
        attempts += 1;
        await tx.append(tenantIds[0], [event]);
        holding[i].resolve();
        await holding[1 - i]?.promise;
        await tx.append(tenantIds[1], [event]);
      });
    await Promise.all([crossing(0, ["left", "right"]), crossing(1, ["right", "left"])]);
    expect(attempts).toBeGreaterThan(2);
    expect(await nodes[0].reader.selectFrom("tenants").select("seq").execute()).toEqual([{ seq: 3 }, { seq: 3 }]);
    await Promise.all(nodes.map((node) => node.close()));
  });
});
