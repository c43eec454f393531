import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the README's code prints what it says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```ts\n([^`]*)\n\/\/ ([^\n]*)\n```/g)];
  expect(blocks).toHaveLength(readme.split("```ts").length - 1);
  for (const [, code = "", said = ""] of blocks) {
    const flags = ["--conditions=@holdpoint/source", "--input-type=module-typescript", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: new URL("..", import.meta.url) });
    expect(stdout.trim()).toBe(said);
  }
});
