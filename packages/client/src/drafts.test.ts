import { expect, test } from "vitest";
import { createDrafts } from "./drafts.ts";

function memoryStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

test("a draft outlives a reload, for the session that wrote it", () => {
  const storage = memoryStorage();
  createDrafts(storage, "ana:").set("apr_1", { comment: "Not before Friday" });
  expect(createDrafts(storage, "ana:").get("apr_1")).toEqual({ comment: "Not before Friday" });
  expect(createDrafts(storage, "bo:").get("apr_1")).toBeUndefined();
});

test("a discarded draft is gone for whoever watches it, and from the storage", () => {
  const storage = memoryStorage();
  const drafts = createDrafts(storage);
  drafts.set("apr_1", { args: { amount: 5 } });
  const seen: unknown[] = [];
  const observed = drafts.observe("apr_1");
  observed.subscribe(() => seen.push(observed.get()));
  drafts.set("apr_1", undefined);
  expect(seen).toEqual([undefined]);
  expect(createDrafts(storage).get("apr_1")).toBeUndefined();
});

test("a storage that is full or holds something else costs only the copy", () => {
  const broken = {
    getItem: () => "{not json",
    setItem: () => {
      throw new DOMException("full", "QuotaExceededError");
    },
    removeItem: () => undefined,
  };
  const drafts = createDrafts(broken);
  expect(drafts.get("apr_1")).toBeUndefined();
  drafts.set("apr_1", { comment: "Kept" });
  expect(drafts.get("apr_1")).toEqual({ comment: "Kept" });
});
