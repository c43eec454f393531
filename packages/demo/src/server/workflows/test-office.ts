import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Approval, durationMs, type Run, type Viewer } from "@holdpoint/core";
import { createHoldpoint, type Holdpoint } from "@holdpoint/server";
import { findPerson } from "../companies.ts";
import { templateDrafter } from "../drafts/template-drafter.ts";
import { modelAssistant } from "../model/assistant.ts";
import type { ChatRequest } from "../model/chat-protocol.ts";
import { officeScript } from "../model/office-script.ts";
import { type Script, startScriptedModel } from "../model/scripted-model.ts";
import { type Office, openOffice } from "../office.ts";
import { shiftableClock } from "./test-clock.ts";
import { workflows } from "./workflows.ts";

/** Acme Ops without its web server, on a database and records of its own. */
export interface TestOffice extends AsyncDisposable {
  office: Office;
  /** What the assistant's model was asked. */
  modelRequests: readonly ChatRequest[];
  approvals(personId: string): ReturnType<Holdpoint["approvals"]["as"]>;
  runs(personId: string): ReturnType<Holdpoint["runs"]["as"]>;
  /** The approval that a person finds pending, as soon as there is one. */
  pending(personId: string): Promise<Approval>;
  /** What a person finds pending, as soon as there are so many. */
  pendingOf(personId: string, count: number): Promise<Approval[]>;
  /** The run once it has ended. */
  ended(personId: string, runId: string): Promise<Run>;
  /** Lets time pass for the server's deadlines. */
  advance(duration: string): void;
}

/** Opens an office and starts its workflows; the assistant's model follows `script`. */
export async function openTestOffice({ script = officeScript }: { script?: Script } = {}): Promise<TestOffice> {
  const folder = await mkdtemp(join(tmpdir(), "acme-office-"));
  const office = await openOffice(folder);
  const clock = shiftableClock();
  const model = await startScriptedModel(script);
  const holdpoint = createHoldpoint({
    database: `sqlite:${join(folder, "ops.db")}`,
    authenticate: () => null,
    workflows: workflows(office, { drafter: templateDrafter, assistant: modelAssistant(model.settings) }),
    clock,
  });
  await holdpoint.start();
  const approvals = (personId: string) => holdpoint.approvals.as(viewerOf(personId));
  const runs = (personId: string) => holdpoint.runs.as(viewerOf(personId));
  const pendingOf = async (personId: string, count: number) => {
    const { items } = await until(
      () => approvals(personId).list({ status: ["pending"] }),
      (page) => page.items.length >= count,
    );
    return items;
  };
  return {
    office,
    modelRequests: model.requests,
    approvals,
    runs,
    async pending(personId) {
      const [approval] = await pendingOf(personId, 1);
      return approval as Approval;
    },
    pendingOf,
    ended: (personId, runId) =>
      until(
        () => runs(personId).wait(runId, { timeout: 1 }),
        (run) => run.finishedAt !== undefined,
      ),
    advance: (duration) => clock.advance(durationMs(duration)),
    async [Symbol.asyncDispose]() {
      await holdpoint.stop();
      await office.close();
      await model.close();
      await rm(folder, { recursive: true });
    },
  };
}

function viewerOf(personId: string): Viewer {
  const found = findPerson(personId);
  if (!found) throw new Error(`Nobody has the id ${personId}.`);
  const { id, name, groups, role } = found.person;
  return { id, name, groups, role, tenantId: found.company.id };
}

const patienceMs = 20_000;

/** Asks again until the answer is as wished. */
async function until<Answer>(ask: () => Promise<Answer>, wished: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (wished(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Not in ${patienceMs} ms: ${JSON.stringify(answer)}`);
    await setTimeout(10);
  }
}
