import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";

test("the README's code prints what it says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```ts\n([^`]*)```/g)].map(([, code = ""]) => code);
  expect(blocks).toHaveLength(2);
  await using holdpoint = await startTestHoldpoint();
  await holdpoint.request({ title: "Refund order 8" });
  await holdpoint.request({ title: "Refund order 7" });
  const env = { ...process.env, API_URL: holdpoint.url, TOKEN: await holdpoint.token("ana") };
  for (const code of blocks) {
    const flags = ["--conditions=@holdpoint/source", "--input-type=module-typescript", "--eval", code];
    const cwd = new URL("..", import.meta.url);
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd, env });
    expect(stdout.trim()).toBe(/^\/\/ (.*)$/m.exec(code)?.[1]);
  }
});
