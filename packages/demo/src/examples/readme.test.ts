import { access, readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";

const root = new URL("../../../../", import.meta.url);

/** A code block with the file that it is taken from: `<!-- from path -->` stands before it. */
const taken = /<!-- from (\S+) -->\n\n```\w+\n([\s\S]*?)```/g;

/** READMEs, each with how many of its TypeScript blocks a test of its own runs. */
const readmes: [path: string, run: number][] = [
  ["README.md", 0],
  ["packages/integrations/README.md", 2],
];

test.each(readmes)("the code of %s is taken from files that run", async (readme, run) => {
  const text = await readFile(new URL(readme, root), "utf8");
  const blocks = [...text.matchAll(taken)];
  expect(blocks.length + run).toBe(text.match(/```tsx?\n/g)?.length ?? 0);
  for (const [, path = "", code = ""] of blocks) {
    expect(unindented(await readFile(new URL(path, root), "utf8"))).toContain(unindented(code));
  }
});

/** Without the indentation of lines, which differs where a block is taken out of a function. */
function unindented(code: string): string {
  return code.replaceAll(/^[ \t]+/gm, "").trim();
}

test.each(readmes)("%s links to what is there", async (readme) => {
  const url = new URL(readme, root);
  const text = await readFile(url, "utf8");
  for (const [, path = ""] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) await access(new URL(path, url));
});

/** The lines of the README's how-to tables that other systems' patterns are found by. */
const patterns = {
  A: 11,
  B: 7,
  C: 4,
  D: 5,
};

describe.each(Object.entries(patterns))("patterns %s", (letter, count) => {
  test.each(Array.from({ length: count }, (_, i) => `${letter}${i + 1}`))(
    "%s is in the README with a link, and has a test that names it",
    async (line) => {
      const text = await readFile(new URL("README.md", root), "utf8");
      expect(text).toMatch(new RegExp(`^\\| ${line} +\\| .+\\]\\(.+\\) +\\|$`, "m"));
      const tests = await namedTests();
      expect(tests.some((title) => title.startsWith(`${line}:`))).toBe(true);
    },
  );
});

/** Titles that begin with a pattern's number, of all tests of the packages. */
async function namedTests(): Promise<string[]> {
  const packages = new URL("packages/", root);
  const files = await readdir(packages, { recursive: true });
  const tests = files.filter((path) => /^[^/]+\/src\/.*\.test\.tsx?$/.test(path));
  const texts = await Promise.all(tests.map((path) => readFile(new URL(path, packages), "utf8")));
  return texts.flatMap((text) => text.match(/(?<=["'`])[A-D]\d+: [^"'`\n]+/g) ?? []);
}
