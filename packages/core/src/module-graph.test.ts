import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path/posix";
import { expect, test } from "vitest";

/** Everything that a browser needs at run time: the client and the React kit import values from these only. */
const browserModules = [
  "approval/apply-decision",
  "approval/approval-digest",
  "approval/approval-events",
  "approval/approval-list",
  "approval/approvals",
  "json/canonical-json",
  "approval/counts",
  "time/duration",
  "wire/endpoints",
  "error",
  "ids",
  "json/json",
  "json/json-schema-errors",
  "time/ladder",
  "approval/lease",
  "approval/lifecycle",
  "json/pointer",
  "approval/quorum",
  "json/read-only",
  "approval/reviewable",
  "time/timeouts",
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
    for (const [, target = ""] of imports) await reached(`./${join(dirname(file), target)}`, found);
  }
  return [...found].map(([path, source]) => ({ file: path, source }));
}
