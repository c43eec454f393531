import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

/** Everything that a browser needs at run time: the client and the React kit import values from these only. */
const browserModules = [
  "apply-decision",
  "approval-digest",
  "approval-events",
  "approval-list",
  "canonical-json",
  "counts",
  "duration",
  "endpoints",
  "error",
  "ids",
  "json",
  "json-schema-errors",
  "ladder",
  "lease",
  "lifecycle",
  "pointer",
  "quorum",
  "read-only",
  "reviewable",
  "timeouts",
  "workflow",
];

test.each(browserModules)("%s builds no schemas, so that a browser loads no zod for it", async (name) => {
  const builders = [...(await reached(`./${name}.ts`))].filter(({ source }) =>
    /^(export )?const .*\bz\./m.test(source),
  );
  expect(builders.map(({ file }) => file)).toEqual([]);
});

async function reached(file: string, found = new Map<string, string>()): Promise<{ file: string; source: string }[]> {
  if (!found.has(file)) {
    const source = await readFile(new URL(file, import.meta.url), "utf8");
    found.set(file, source);
    const imports = source.matchAll(/^(?:import|export) (?!type)[^;]*? from "(\.[^"]+)"/gm);
    for (const [, target = ""] of imports) await reached(target, found);
  }
  return [...found].map(([path, source]) => ({ file: path, source }));
}
