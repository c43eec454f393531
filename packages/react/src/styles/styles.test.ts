import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { slots } from "../look/slots.ts";

const folder = new URL(".", import.meta.url);
const sheets = readdirSync(folder).filter((name) => name.endsWith(".css"));
const css = sheets.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
const rules = css.replace(/\/\*[\s\S]*?\*\//g, "");

test("every class is a slot that hosts can name", () => {
  const classes = new Set([...rules.matchAll(/\.hp-([a-z-]+)/g)].map((match) => match[1] ?? ""));
  expect([...classes].filter((name) => !(slots as readonly string[]).includes(name))).toEqual([]);
});

test("every slot is on some element", () => {
  const source = new URL("..", import.meta.url);
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  const calls = files.flatMap((name) => readFileSync(new URL(name, source), "utf8").match(/slot\([^)]*\)/g) ?? []);
  const used = new Set(calls.flatMap((call) => [...call.matchAll(/"([a-z-]+)"/g)].map((match) => match[1])));
  expect(slots.filter((name) => !used.has(name))).toEqual([]);
});

test("selectors have no weight: each one is wrapped in :where()", () => {
  const selectors = [...rules.matchAll(/(?:^|[{}])\s*([^{}@]+?)\s*\{/g)].map((match) => match[1] ?? "");
  const isStep = (selector: string) => /^(?:from|to|\d+%)$/.test(selector);
  const isWeightless = (selector: string) => /^(?::where\(.*\)(?:::[a-z-]+)?(?:,\s*)?)+$/s.test(selector);
  expect(selectors.length).toBeGreaterThan(100);
  expect(selectors.filter((selector) => !isStep(selector) && !isWeightless(selector))).toEqual([]);
  expect(rules).not.toMatch(/\):(?!:|not|where)[a-z-]+(?=[^()]*\{)/);
});

test("only logical directions are used, so that right-to-left needs no rules of its own", () => {
  const physical =
    /(?:^|[\s;{])(?:margin|padding|border)-(?:left|right)|(?:^|[\s;{])(?:left|right|float):|text-align: (?:left|right)/;
  expect(rules.match(physical)).toBeNull();
});

test("every size of text follows --hp-text, so that a host that enlarges it enlarges them all", () => {
  const sizes = [...rules.matchAll(/font(?:-size)?:([^;]*px[^;]*);/g)].map((match) => match[1] ?? "");
  expect(sizes.length).toBeGreaterThan(20);
  expect(sizes.filter((size) => !size.includes("var(--hp-text)"))).toEqual([]);
});

test("the entry puts every sheet into the layer", () => {
  const entry = readFileSync(new URL("../styles.css", import.meta.url), "utf8");
  for (const name of sheets) expect(entry).toContain(`@import url("./styles/${name}") layer(holdpoint);`);
});
