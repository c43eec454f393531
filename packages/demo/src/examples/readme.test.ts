import { access, readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const root = new URL("../../../../", import.meta.url);

/** A code block with the file that it is taken from: `<!-- from path -->` stands before it. */
const taken = /<!-- from (\S+) -->\n\n```\w+\n([\s\S]*?)```/g;

test("the README's code is taken from files that run", async () => {
  const text = await readFile(new URL("README.md", root), "utf8");
  const blocks = [...text.matchAll(taken)];
  expect(blocks.length).toBe(text.match(/```tsx?\n/g)?.length ?? 0);
  for (const [, path = "", code = ""] of blocks) {
    expect(unindented(await readFile(new URL(path, root), "utf8"))).toContain(unindented(code));
  }
});

/** Without the indentation of lines, which differs where a block is taken out of a function. */
function unindented(code: string): string {
  return code.replaceAll(/^[ \t]+/gm, "").trim();
}

test("the README links to what is there", async () => {
  const text = await readFile(new URL("README.md", root), "utf8");
  for (const [, path = ""] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) await access(new URL(path, root));
});
