/**
 * A process that crash tests kill: it starts a tool loop once, approves what it asks, and says on stdout how it ended.
 */
import { join } from "node:path";
import { createHoldpoint } from "@holdpoint/server";
import { templateDrafter } from "../drafts/template-drafter.ts";
import { modelAssistant } from "../model/assistant.ts";
import { openOffice } from "../office.ts";
import { workflows } from "./workflows.ts";

/** What the process is told, as JSON in its only argument. */
export interface OfficeTask {
  folder: string;
  /** Where the model is reached. */
  modelUrl: string;
  task: string;
}

const { folder, modelUrl, task } = JSON.parse(process.argv[2] ?? "{}") as OfficeTask;
const office = await openOffice(folder);
const assistant = modelAssistant({ url: modelUrl, apiKey: "none", model: "scripted" });
const holdpoint = createHoldpoint({
  database: `sqlite:${join(folder, "ops.db")}`,
  authenticate: () => null,
  workflows: workflows(office, { drafter: templateDrafter, assistant }),
});
await holdpoint.start();
const runs = holdpoint.runs.as({ id: "sam", tenantId: "acme", groups: [], role: "requester" });
const approvals = holdpoint.approvals.as({ id: "kim", tenantId: "acme", groups: [], role: "admin" });

let run = await runs.start({ workflow: "tool-loop", input: { task }, key: "the one" });
while (run.finishedAt === undefined) {
  for (const { id } of (await approvals.list({ status: ["pending"] })).items)
    await approvals.respond(id, { approved: true });
  run = await runs.wait(run.id, { timeout: 1 });
}
process.stdout.write(JSON.stringify(run));
await holdpoint.stop();
await office.close();
