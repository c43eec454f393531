import { describe, expect, test } from "vitest";
import { type ApiKey, findApiKey, insertApiKey, listApiKeys, revokeApiKey } from "./api-keys-table.ts";
import { findApprovalByKey, insertApproval } from "./approvals-table.ts";
import { findResponseHash, rememberResponse } from "./response-keys-table.ts";
import { newApproval, newId, now } from "./test-approvals.ts";
import { openTestStore, testDatabases } from "./test-databases.ts";

describe.each(testDatabases)("keys on $name", (kind) => {
  test("lead a repeated request to the first approval, within a tenant", async () => {
    await using store = await openTestStore(kind);
    const first = newApproval({ key: "order-7" });
    const repeated = newApproval({ key: "order-7" });
    const elsewhere = newApproval({ key: "order-7" }, { tenantId: "umbra" });
    const stored = [first, repeated, elsewhere].map((approval) =>
      store.write((tx) => insertApproval(tx, approval, "hash")),
    );
    const inserted = await Promise.all(stored);
    expect([inserted[2], inserted.filter(Boolean).length]).toEqual([true, 2]);
    const winner = inserted[0] ? first : repeated;
    expect(await findApprovalByKey(store.reader, "acme", "order-7")).toEqual({ approval: winner, requestHash: "hash" });
    expect(await findApprovalByKey(store.reader, "acme", "order-8")).toBeUndefined();
  });

  test("remember a person's response to an approval", async () => {
    await using store = await openTestStore(kind);
    const key = { tenantId: "acme", approvalId: "apr_1", personId: "ana", key: "click-1" };
    await store.write((tx) => rememberResponse(tx, key, { requestHash: "hash", at: now() }));
    expect(await store.write((tx) => findResponseHash(tx, key))).toBe("hash");
    for (const other of [{ tenantId: "umbra" }, { approvalId: "apr_2" }, { personId: "bo" }, { key: "click-2" }]) {
      expect(await store.write((tx) => findResponseHash(tx, { ...key, ...other }))).toBeUndefined();
    }
  });

  test("of the API are found by their secret until they are revoked", async () => {
    await using store = await openTestStore(kind);
    const key: ApiKey = {
      id: newId("key"),
      tenantId: "acme",
      name: "CI",
      role: "requester",
      groups: ["ops"],
      ownerId: "ana",
      createdAt: now(),
    };
    const secret = await store.write((tx) => insertApiKey(tx, key));
    expect(await findApiKey(store.reader, secret)).toEqual(key);
    expect(await findApiKey(store.reader, `${secret}x`)).toBeUndefined();
    const [row] = await store.reader.selectFrom("api_keys").selectAll().execute();
    expect(JSON.stringify(row)).not.toContain(secret);
    await expect(store.write((tx) => revokeApiKey(tx, "umbra", key.id, now()))).rejects.toMatchObject({
      code: "not_found",
    });
    const revokedAt = now();
    await store.write((tx) => revokeApiKey(tx, "acme", key.id, revokedAt));
    await store.write((tx) => revokeApiKey(tx, "acme", key.id, "2030-01-01T00:00:00.000Z"));
    expect(await findApiKey(store.reader, secret)).toBeUndefined();
    expect(await listApiKeys(store.reader, "acme")).toEqual([{ ...key, revokedAt }]);
    expect(await listApiKeys(store.reader, "umbra")).toEqual([]);
  });
});
