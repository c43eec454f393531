import { expect, test, vi } from "vitest";
import { gathered } from "./gathered.ts";

const marked = (ids: readonly string[]) => new Map(ids.filter((id) => id !== "none").map((id) => [id, `${id}!`]));

test("ids that are asked for together are read by one query, each once", async () => {
  const readAll = vi.fn(async (ids: readonly string[]) => marked(ids));
  const read = gathered(readAll);
  expect(await Promise.all([read("a"), read("b"), read("a"), read("none")])).toEqual(["a!", "b!", "a!", undefined]);
  expect(readAll.mock.calls.flat(2).sort()).toEqual(["a", "b", "none"]);
});

test("what is asked for while others are being read is read anew", async () => {
  const slow = Promise.withResolvers<void>();
  const readAll = vi.fn(async (ids: readonly string[]) => {
    await slow.promise;
    return marked(ids);
  });
  const read = gathered(readAll);
  const first = read("a");
  await vi.waitFor(() => expect(readAll).toHaveBeenCalledTimes(1));
  const second = read("a");
  await vi.waitFor(() => expect(readAll).toHaveBeenCalledTimes(2));
  slow.resolve();
  expect(await Promise.all([first, second])).toEqual(["a!", "a!"]);
});

test("a query that fails fails those it was for, and no later ones", async () => {
  let fails = true;
  const read = gathered(async (ids) => {
    if (fails) throw new Error("The database is away.");
    return marked(ids);
  });
  const results = await Promise.allSettled([read("a"), read("b")]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await read("a")).toBe("a!");
});
