import { expect, test } from "vitest";
import { Together } from "./together.ts";

const itself = (item: string) => item;

test("calls of one turn, and those that come while they are made, are made together", async () => {
  const batches: string[][] = [];
  const calls = new Together<string, string>(itself, async (items) => {
    batches.push([...items]);
    if (batches.length === 1) later = ["c", "d"].map((item) => calls.call(item));
    return items.map((item) => item.toUpperCase());
  });
  let later: Promise<string>[] = [];
  expect(await Promise.all(["a", "b"].map((item) => calls.call(item)))).toEqual(["A", "B"]);
  expect(await Promise.all(later)).toEqual(["C", "D"]);
  expect(batches).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
});

test("calls with the same key are made one after the other", async () => {
  const batches: string[][] = [];
  const calls = new Together<string, string>(
    (item) => item.charAt(0),
    async (items) => {
      batches.push([...items]);
      return items;
    },
  );
  await Promise.all(["a1", "a2", "b1"].map((item) => calls.call(item)));
  expect(batches).toEqual([["a1", "b1"], ["a2"]]);
});

test("an error in one place fails that call, and one that is thrown fails the batch and not the next", async () => {
  let fail = true;
  const calls = new Together<string, string>(itself, async (items) => {
    if (items.includes("poison") && fail) throw new Error("down");
    return items.map((item) => (item === "bad" ? new Error("bad") : item));
  });
  const settled = await Promise.allSettled(["good", "bad"].map((item) => calls.call(item)));
  expect(settled).toMatchObject([{ value: "good" }, { reason: { message: "bad" } }]);
  await expect(calls.call("poison")).rejects.toThrow("down");
  fail = false;
  expect(await calls.call("poison")).toBe("poison");
});
