import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Approval, Run } from "@holdpoint/core";
import { startTestHoldpoint, type TestHoldpoint } from "@holdpoint/server/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ScriptedModel, startScriptedModel } from "../server/model/scripted-model.ts";
import { createAskingAgent } from "./model-asks.ts";

let model: ScriptedModel;
let server: TestHoldpoint;

/** Asks two things in its first turn, and repeats what it is told in its second. */
beforeEach(async () => {
  model = await startScriptedModel((messages) => {
    const told = messages.flatMap(({ role, content }) => (role === "tool" ? [content] : []));
    if (told.length > 0) return { text: told.join(" | ") };
    const ask = (question: string, context: string | null) => ({ name: "ask_developer", args: { question, context } });
    return { calls: [ask("Which plan?", "Ticket T-1"), ask("Since when?", null)] };
  });
  const chat = createOpenAICompatible({ name: "test", baseURL: model.settings.url, apiKey: "none" });
  server = await startTestHoldpoint({ workflows: [createAskingAgent(chat("scripted"))] });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await model.close();
});

/** Starts a run as Sam and gives it with its questions, once both are there. */
async function startRun(): Promise<{ id: string; question: (title: string) => Approval }> {
  const { id } = await server.as("sam").startRun({ workflow: "asking-agent", input: "Look into T-1." });
  const asked = await vi.waitFor(
    async () => {
      const items = await server.as("kim").inbox();
      expect(items).toHaveLength(2);
      return items;
    },
    { timeout: 60_000 },
  );
  return { id, question: (title) => asked.find((each) => each.title === title) as Approval };
}

test("C1: the model calls a tool that asks a person, and its whole run pauses", async () => {
  const { id, question } = await startRun();
  expect(question("Which plan?")).toMatchObject({
    kind: "question",
    content: [{ type: "text", text: "Ticket T-1" }],
    requestedBy: { id: "agent", kind: "agent" },
  });
  await expect.poll(async () => (await server.as("sam").run(id)).status).toBe("waiting");
  expect(model.requests).toHaveLength(1);
});

test("C3: two questions of one turn each get their own answer, in whichever order they come", async () => {
  const { id, question } = await startRun();
  await server.as("kim").answer(question("Since when?"), { answer: "Monday" });
  await server.as("kim").answer(question("Which plan?"), { answer: "Pro" });
  expect(await server.as("sam").get<Run>(`/runs/${id}/wait`)).toMatchObject({
    status: "completed",
    output: expect.stringMatching(/^{"developerResponse":"Pro".* \| {"developerResponse":"Monday"/),
  });
  expect(model.requests).toHaveLength(2);
});
