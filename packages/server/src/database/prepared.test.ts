import { describe, expect, test } from "vitest";
import { openTestStore, testDatabases } from "../store/test-databases.ts";
import { prepared } from "./prepared.ts";

describe.each(testDatabases)("a prepared statement on $name", (kind) => {
  test("is built once for all transactions, and executed with the values of each call", async () => {
    await using store = await openTestStore(kind);
    let built = 0;
    const insert = prepared((db, { id, seq, hash }: { id: string; seq: number; hash: string }) => {
      built += 1;
      return db.insertInto("tenants").values({ id, seq, hash });
    });
    await store.write(async ({ db }) => {
      await insert(db, { id: "acme", seq: 1, hash: "a" });
      await insert(db, { id: "umbra", seq: 2, hash: "b" });
    });
    await store.write(async ({ db }) => {
      await insert(db, { id: "wayne", seq: 3, hash: "c" });
    });
    const rows = await store.reader.selectFrom("tenants").selectAll().orderBy("id").execute();
    expect(rows).toEqual([
      { id: "acme", seq: 1, hash: "a" },
      { id: "umbra", seq: 2, hash: "b" },
      { id: "wayne", seq: 3, hash: "c" },
    ]);
    expect(built).toBe(1);
  });

  test("takes lists of any length, rows among them", async () => {
    await using store = await openTestStore(kind);
    const insert = prepared((db, { rows }: { rows: { id: string; seq: number; hash: string }[] }) =>
      db.insertInto("tenants").values(rows),
    );
    const find = prepared((db, { ids, least }: { ids: string[]; least: number }) =>
      db.selectFrom("tenants").select("id").where("id", "in", ids).where("seq", ">=", least).orderBy("id"),
    );
    const row = (id: string, seq: number) => ({ id, seq, hash: "" });
    await store.write(async ({ db }) => {
      await insert(db, { rows: [row("a", 1), row("b", 2)] });
      await insert(db, { rows: [row("c", 3)] });
      await insert(db, { rows: [row("d", 4), row("e", 5)] });
    });
    const found = async (ids: string[], least: number) => (await find(store.reader, { ids, least })).rows;
    expect(await found(["a", "c", "e"], 2)).toEqual([{ id: "c" }, { id: "e" }]);
    expect(await found(["a", "c", "d"], 1)).toEqual([{ id: "a" }, { id: "c" }, { id: "d" }]);
    expect(await found(["b"], 1)).toEqual([{ id: "b" }]);
  });

  test("is another one where a field is left out", async () => {
    await using store = await openTestStore(kind);
    const find = prepared((db, { id, least }: { id: string; least?: number }) => {
      const query = db.selectFrom("tenants").select("seq").where("id", "=", id);
      return least === undefined ? query : query.where("seq", ">=", least);
    });
    await store.write(({ db }) => db.insertInto("tenants").values({ id: "acme", seq: 1, hash: "" }).execute());
    expect((await find(store.reader, { id: "acme", least: 2 })).rows).toEqual([]);
    expect((await find(store.reader, { id: "acme" })).rows).toEqual([{ seq: 1 }]);
    expect((await find(store.reader, { id: "acme", least: undefined })).rows).toEqual([{ seq: 1 }]);
    expect((await find(store.reader, { id: "acme", least: 1 })).rows).toEqual([{ seq: 1 }]);
  });

  test("is another one where a field of a row is left out, so that no value is lost", async () => {
    await using store = await openTestStore(kind);
    const update = prepared((db, { id, columns }: { id: string; columns: { seq?: number; hash?: string } }) =>
      db.updateTable("tenants").set(columns).where("id", "=", id).returning(["seq", "hash"]),
    );
    await store.write(async ({ db }) => {
      await db.insertInto("tenants").values({ id: "acme", seq: 1, hash: "a" }).execute();
      const updated = async (columns: { seq?: number; hash?: string }) =>
        (await update(db, { id: "acme", columns })).rows;
      expect(await updated({ seq: 2 })).toEqual([{ seq: 2, hash: "a" }]);
      expect(await updated({ seq: 3, hash: "b" })).toEqual([{ seq: 3, hash: "b" }]);
      expect(await updated({ seq: undefined, hash: "c" })).toEqual([{ seq: 3, hash: "c" }]);
      expect(await updated({ seq: 4, hash: undefined })).toEqual([{ seq: 4, hash: "c" }]);
    });
  });

  test("is another one where one row of a list has other fields, wherever it is", async () => {
    await using store = await openTestStore(kind);
    type Wanted = { id: string; seq?: number };
    const find = prepared((db, { wanted }: { wanted: Wanted[] }) =>
      db
        .selectFrom("tenants")
        .select("id")
        .where((row) => row.or(wanted.map(({ id, seq }) => row.and({ id, ...(seq !== undefined && { seq }) }))))
        .orderBy("id"),
    );
    const row = (id: string, seq: number) => ({ id, seq, hash: "" });
    await store.write(({ db }) =>
      db
        .insertInto("tenants")
        .values([row("a", 1), row("b", 2), row("c", 3)])
        .execute(),
    );
    const found = async (...wanted: Wanted[]) => (await find(store.reader, { wanted })).rows.map(({ id }) => id);
    expect(await found({ id: "a" }, { id: "b" }, { id: "c" })).toEqual(["a", "b", "c"]);
    expect(await found({ id: "a" }, { id: "b", seq: 9 }, { id: "c" })).toEqual(["a", "c"]);
    expect(await found({ id: "a" }, { id: "b" }, { id: "c", seq: 9 })).toEqual(["a", "b"]);
    expect(await found({ id: "a", seq: 9 }, { id: "b", seq: 9 }, { id: "c", seq: 3 })).toEqual(["c"]);
  });

  test("takes null for a value, also where another call has a structure", async () => {
    await using store = await openTestStore(kind);
    const find = prepared((db, { least }: { least: { seq: number } | null }) => {
      const query = db.selectFrom("tenants").select("id");
      return isStructure(least) ? query.where("seq", ">=", least.seq) : query.where("seq", "=", least);
    });
    await store.write(({ db }) => db.insertInto("tenants").values({ id: "acme", seq: 1, hash: "" }).execute());
    expect((await find(store.reader, { least: { seq: 1 } })).rows).toEqual([{ id: "acme" }]);
    expect((await find(store.reader, { least: null })).rows).toEqual([]);
  });

  test("refuses a value that is missing in a list", async () => {
    await using store = await openTestStore(kind);
    const find = prepared((db, { ids }: { ids: string[] }) =>
      db.selectFrom("tenants").select("id").where("id", "in", ids),
    );
    const holey = ["acme", undefined] as string[];
    await expect(find(store.reader, { ids: holey })).rejects.toThrow("The value of ids.1 is missing.");
  });

  test("finds the values by their names, whatever their order", async () => {
    await using store = await openTestStore(kind);
    const find = prepared((db, { id, seq }: { id: string; seq: number }) =>
      db.selectFrom("tenants").select("hash").where("seq", "=", seq).where("id", "=", id),
    );
    await store.write(({ db }) => db.insertInto("tenants").values({ id: "acme", seq: 1, hash: "a" }).execute());
    expect((await find(store.reader, { id: "acme", seq: 1 })).rows).toEqual([{ hash: "a" }]);
    expect((await find(store.reader, { seq: 1, id: "acme" })).rows).toEqual([{ hash: "a" }]);
  });

  test("can't be built from what a value is", async () => {
    await using store = await openTestStore(kind);
    const find = prepared((db, { id }: { id: string }) =>
      db.selectFrom("tenants").select("seq").where("id", "=", `${id}!`),
    );
    await expect(find(store.reader, { id: "acme" })).rejects.toThrow(
      "The value of id isn't known when the statement is built.",
    );
    const list = prepared((db, { ids }: { ids: string[] }) =>
      db.selectFrom("tenants").select("seq").where("id", "=", JSON.stringify(ids)),
    );
    await expect(list(store.reader, { ids: ["acme"] })).rejects.toThrow("The value of ids.0 isn't known");
  });
});

/** Stand-ins have no fields but where they stand for a structure. */
function isStructure(value: object | null): value is { seq: number } {
  return value !== null && "seq" in value;
}
