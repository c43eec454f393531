import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { openStore } from "../store/open-store.ts";
import { sharedTestDatabases, testDatabases } from "../store/test-databases.ts";
import { dumpSchema } from "./test-schema-dump.ts";

describe.each(testDatabases)("migrations on $name", (kind) => {
  test("make the schema that is checked in", async () => {
    await using database = await kind.createEmpty();
    const store = await openStore({ database: database.location() });
    await expect(await dumpSchema(store.reader, kind.engine)).toMatchFileSnapshot(`schema.${kind.engine}.sql`);
    await store.close();
  });

  test("leave a database alone that is up to date", async () => {
    await using database = await kind.createEmpty();
    const first = await openStore({ database: database.location() });
    await first.write((tx) => tx.append("acme", [{ type: "run.created", data: {}, at: "2026-01-01T00:00:00.000Z" }]));
    await first.close();
    const second = await openStore({ database: database.location() });
    expect(await second.reader.selectFrom("tenants").select("id").execute()).toEqual([{ id: "acme" }]);
    await second.close();
  });

  test("refuse a database that a newer release has written", async () => {
    await using database = await kind.createEmpty();
    const newer = await openStore({ database: database.location() });
    await newer.write(({ db, engine }) =>
      sql`insert into ${sql.raw(engine === "postgres" ? "holdpoint." : "")}holdpoint_migrations values ('999-later', '')`.execute(
        db,
      ),
    );
    await newer.close();
    await expect(openStore({ database: database.location() })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("999-later"),
    });
  });
});

describe.each(sharedTestDatabases)("migrations on $name", (kind) => {
  test("are made once when several nodes start together", async () => {
    await using database = await kind.createEmpty();
    const opening = Array.from({ length: 5 }, () => openStore({ database: database.location() }));
    const stores = await Promise.all(opening);
    await Promise.all(stores.map((store) => store.close()));
  });
});
