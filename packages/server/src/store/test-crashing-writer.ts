import { writeSync } from "node:fs";
import { openStore } from "./open-store.ts";

/**
 * Appends events, `together` at a time, says how many were acknowledged, and is killed at the fourth commit:
 * `node test-crashing-writer.ts <database URL> <before-commit | after-commit> <together>`
 */
const [database = "", place, together] = process.argv.slice(2);
let commits = 0;

const store = await openStore({
  database,
  failpoint: async (name) => {
    if (name !== place || ++commits < 4) return;
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => undefined);
  },
});

for (let acknowledged = 0; ; acknowledged += Number(together)) {
  writeSync(1, `${acknowledged}\n`);
  const event = { type: "run.created" as const, data: {}, at: new Date().toISOString() };
  await Promise.all(Array.from({ length: Number(together) }, () => store.write((tx) => tx.append("acme", [event]))));
}
