import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { startTestNode } from "./test-runs.ts";

const program = fileURLToPath(new URL("test-unheard-process.ts", import.meta.url));

test("a step that fails before its handler looks at it doesn't end the process, however the handler waits", async () => {
  const { code, lines } = await live("handlers");
  expect(code).toBe(0);
  const ended = new Map(lines.flatMap((line) => ("status" in line ? [[line.name, line]] : [])));
  expect([...ended.keys()].sort()).toEqual(["async", "caught", "chained", "inStep", "tidied"]);
  for (const run of ended.values()) {
    expect(run).toMatchObject({ status: "completed", output: 'StepError: Step "bad" failed: service down' });
  }
  const warned = lines.filter(({ level }) => level === 40);
  expect(warned).toContainEqual(expect.objectContaining({ runId: ended.get("async")?.runId }));
  expect(warned).toContainEqual(expect.objectContaining({ runId: ended.get("inStep")?.runId, step: "bad" }));
});

test("a rejection of the host's own ends the process as ever, however many servers it has", async () => {
  const { code, errors, lines } = await live("host", 2);
  expect(code).toBe(1);
  expect(errors).toContain("Error: of the host");
  expect(lines).toEqual([]);
});

test("a process that was told only to warn of rejections goes on", async () => {
  const { code, errors } = await live("host", 1, ["--unhandled-rejections=warn"]);
  expect(code).toBe(0);
  expect(errors).toContain("Error: of the host");
});

test("several servers share one listener, and the last to stop takes it away", async () => {
  const before = process.listenerCount("unhandledRejection");
  const counted = () => process.listenerCount("unhandledRejection") - before;
  {
    await using _one = await startTestNode({ workflows: [] });
    {
      await using _other = await startTestNode({ workflows: [] });
      expect(counted()).toBe(1);
    }
    expect(counted()).toBe(1);
  }
  expect(counted()).toBe(0);
});

/** Lives through one process with as many servers. */
async function live(whose: "handlers" | "host", servers = 1, flags: readonly string[] = []) {
  await using disposables = new AsyncDisposableStack();
  const databases: string[] = [];
  for (let n = 0; n < servers; n++) {
    const database = await testDatabases[0]?.create();
    if (!database) throw new Error("There is no database to test on.");
    databases.push(String(disposables.use(database).location()));
  }
  const child = spawn(process.execPath, ["--conditions=@holdpoint/source", ...flags, program, whose, ...databases]);
  const [[code], output, errors] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  const lines = output.split("\n").filter((line) => line !== "");
  return { code, errors, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}
