import { expect, test } from "vitest";
import { startTestHoldpoint } from "./throwaway-holdpoint.ts";

test.each([
  ["whose options are refused", { staleAfter: "soon" }, "staleAfter"],
  ["that can't open its database", {}, "no-such-folder"],
])("a Holdpoint %s has it removed", async (_what, options, message) => {
  let drops = 0;
  const database = {
    location: () => "sqlite:/no-such-folder/test.db",
    [Symbol.asyncDispose]: async () => {
      drops += 1;
    },
  };
  await expect(startTestHoldpoint({ ...options, database })).rejects.toThrow(message);
  expect(drops).toBe(1);
});
