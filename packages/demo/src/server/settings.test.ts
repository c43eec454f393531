import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readSettings } from "./settings.ts";

let folder: string;
let databaseUrl: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acme-settings-"));
  databaseUrl = `sqlite:${join(folder, "ops.db")}`;
});

afterEach(() => rm(folder, { recursive: true }));

test("a secret is made once, is long enough and can be read by its owner only", async () => {
  const first = readSettings({ HOLDPOINT_DATABASE_URL: databaseUrl });
  const again = readSettings({ HOLDPOINT_DATABASE_URL: databaseUrl });
  const path = join(folder, "ops.data", "secret");
  expect(first.secret.length).toBeGreaterThanOrEqual(32);
  expect(again.secret).toBe(first.secret);
  expect(await readFile(path, "utf8")).toBe(first.secret);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a given secret is used and not written down", async () => {
  const settings = readSettings({ HOLDPOINT_DATABASE_URL: databaseUrl, HOLDPOINT_SECRET: "s".repeat(40) });
  expect(settings.secret).toBe("s".repeat(40));
  await expect(stat(join(folder, "ops.data", "secret"))).rejects.toThrow("ENOENT");
});

test("a port that is none is refused by name", () => {
  const env = { HOLDPOINT_DATABASE_URL: databaseUrl, HOLDPOINT_SECRET: "s".repeat(40) };
  expect(() => readSettings({ ...env, PORT: "80x" })).toThrow('PORT is "80x"');
  expect(readSettings(env).port).toBe(4000);
  expect(readSettings({ ...env, PORT: "0" }).port).toBe(0);
});

test("a model needs an address and a key", () => {
  const env = { HOLDPOINT_DATABASE_URL: databaseUrl, HOLDPOINT_SECRET: "s".repeat(40) };
  expect(readSettings({ ...env, OPENAI_API_KEY: "key" }).model).toBeUndefined();
  expect(readSettings({ ...env, OPENAI_API_KEY: "key", OPENAI_BASE_URL: "http://127.0.0.1:1/v1" }).model).toEqual({
    url: "http://127.0.0.1:1/v1",
    apiKey: "key",
    model: "gpt-4.1-mini",
  });
  const own = { HOLDPOINT_DEMO_MODEL_URL: "http://127.0.0.1:2/v1", HOLDPOINT_DEMO_MODEL_KEY: "own" };
  expect(readSettings({ ...env, ...own, HOLDPOINT_DEMO_MODEL: "tiny" }).model).toEqual({
    url: "http://127.0.0.1:2/v1",
    apiKey: "own",
    model: "tiny",
  });
});
