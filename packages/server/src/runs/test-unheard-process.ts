import { writeSync } from "node:fs";
import { NonRetriableError, type RunContext, workflow } from "@holdpoint/core";
import { pino } from "pino";
import { type RunsNode, startNode } from "./test-node.ts";
import { ana, decide, reaches } from "./test-runs.ts";

const fails = (run: RunContext) => run.step("bad", () => Promise.reject(new NonRetriableError("service down")));

/** Ways to begin what fails before the handler looks at it. */
const begin: Record<string, (run: RunContext) => Promise<unknown>> = {
  chained: (run) => fails(run).then(String),
  caught: (run) => fails(run).catch((error) => Promise.reject(error)),
  tidied: (run) => fails(run).finally(() => undefined),
  async: async (run) => await fails(run),
  inStep: (run) =>
    run.step("bad", () => {
      void Promise.reject(new Error("forgotten"));
      throw new NonRetriableError("service down");
    }),
};

const workflows = Object.entries(begin).map(([name, research]) =>
  workflow(name, { version: 1 }, async (run) => {
    const found = research(run);
    await run.approval("ask", { title: "Go on?" });
    return found.catch(String);
  }),
);

const [whose, ...databases] = process.argv.slice(2);

/** The log goes to stdout, and so does how each run has ended. */
async function live(): Promise<void> {
  const logger = pino({ base: null, timestamp: false }, { write: (line) => void writeSync(1, line) });
  const nodes = await Promise.all(databases.map((database) => startNode(database, { workflows, logger })));
  const [node] = nodes;
  if (whose === "host") void Promise.reject(new Error("of the host"));
  else if (node) await Promise.all(workflows.map(({ name }) => seeThrough(node, name)));
  await Promise.all(nodes.map((each) => each.stop()));
}

async function seeThrough(node: RunsNode, name: string): Promise<void> {
  const run = await node.runs.start(ana, { workflow: name, input: null });
  const asks = await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.[0]?.status === "failed");
  await decide(node, asks, "ask", { approved: true });
  const { status, output } = await node.runs.wait(ana, run.id);
  writeSync(1, `${JSON.stringify({ name, runId: run.id, status, output })}\n`);
}

await live();
