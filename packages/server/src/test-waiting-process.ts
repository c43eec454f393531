import { workflow } from "@holdpoint/core";
import { createHoldpoint } from "./holdpoint.ts";

/** A process with nothing to do but to wait: `approval` for one that times out, `run` for one that sleeps. */
const [whatFor] = process.argv.slice(2);

const nap = workflow("nap", { version: 1 }, async (run) => {
  await run.sleep("nap", "300ms");
  return "woken";
});
const holdpoint = createHoldpoint({ database: "sqlite::memory:", authenticate: () => null, workflows: [nap] });
await holdpoint.start();
console.log(whatFor === "run" ? await napped() : await timedOut());
await holdpoint.stop();

async function napped(): Promise<unknown> {
  const { id } = await holdpoint.runs.start({ workflow: "nap", input: null });
  return (await holdpoint.runs.wait(id)).output;
}

async function timedOut(): Promise<string> {
  const { id } = await holdpoint.approvals.request({ title: "Is anybody there?", timeout: "300ms" });
  return (await holdpoint.approvals.wait(id)).status;
}
