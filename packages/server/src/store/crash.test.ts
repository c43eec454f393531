import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { verifyChain } from "./events-table.ts";
import { openStore } from "./open-store.ts";
import { type TestDatabaseKind, testDatabases } from "./test-databases.ts";

const writer = fileURLToPath(new URL("test-crashing-writer.ts", import.meta.url));

/** A process that is killed by SIGKILL at its fourth commit: what it had acknowledged, and what is in the log. */
async function crash({ create }: TestDatabaseKind, place: string, together: number) {
  await using database = await create();
  const url = String(database.location());
  const child = spawn(process.execPath, ["--conditions=@holdpoint/source", writer, url, place, String(together)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said, [, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const store = await openStore({ database: url });
  const log = await verifyChain(store.reader, "acme");
  await store.close();
  return { signal, acknowledged: Number(said.trim().split("\n").at(-1)), log };
}

const opened = testDatabases.filter(({ name }) => name === "sqlite3" || name === "postgres");

describe.each(opened)("a process killed on $name", (kind) => {
  test("before a commit keeps what it had acknowledged and nothing else", async () => {
    expect(await crash(kind, "before-commit", 1)).toEqual({
      signal: "SIGKILL",
      acknowledged: 3,
      log: { ok: true, events: 3 },
    });
  });

  test("after a commit keeps also what it couldn't acknowledge any more", async () => {
    expect(await crash(kind, "after-commit", 1)).toEqual({
      signal: "SIGKILL",
      acknowledged: 3,
      log: { ok: true, events: 4 },
    });
  });
});

describe.each(opened.filter(({ engine }) => engine === "sqlite"))("a group commit on $name", (kind) => {
  test.each([
    ["before-commit", 15],
    ["after-commit", 20],
  ])("that is cut off %s is there as a whole or not at all", async (place, events) => {
    expect(await crash(kind, place, 5)).toEqual({ signal: "SIGKILL", acknowledged: 15, log: { ok: true, events } });
  });
});
