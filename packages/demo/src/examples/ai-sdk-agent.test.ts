import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Approval, Run } from "@holdpoint/core";
import { startTestHoldpoint, type TestHoldpoint } from "@holdpoint/server/testing";
import { tool } from "ai";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Script, type ScriptedModel, startScriptedModel } from "../server/model/scripted-model.ts";
import { createAgent } from "./ai-sdk-agent.ts";

let model: ScriptedModel;
let server: TestHoldpoint;
const done: string[] = [];

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await model.close();
});

const tools = {
  look_up: tool({
    inputSchema: z.object({ name: z.string() }),
    execute: ({ name }) => done.push(`looked up ${name}`),
  }),
  send_email: tool({
    inputSchema: z.object({ to: z.string() }),
    execute: ({ to }) => done.push(`wrote to ${to}`),
  }),
};

const script: Script = (messages) => {
  const turn = messages.filter(({ role }) => role === "assistant").length;
  const email = (to: string) => ({ name: "send_email", args: { to } });
  if (turn === 0) return { calls: [{ name: "look_up", args: { name: "Ana" } }] };
  if (turn === 1) return { calls: [email("ana"), email("bo")] };
  return { text: messages.flatMap(({ role, content }) => (role === "tool" ? [content] : [])).join(" | ") };
};

test("A9: the AI SDK's own loop runs with gated tools, and its parallel calls are approved one by one", async () => {
  model = await startScriptedModel(script);
  const provider = createOpenAICompatible({ name: "test", baseURL: model.settings.url, apiKey: "none" });
  server = await startTestHoldpoint({ workflows: [createAgent(provider("scripted"), tools)] });
  const { id } = await server.as("sam").startRun({ workflow: "agent", input: "Tell them." });
  const inTime = { timeout: 20_000 };
  const both = await vi.waitFor(async () => {
    const items = await server.as("kim").inbox();
    expect(items).toHaveLength(2);
    return items;
  }, inTime);
  const to = (name: string) => both.find(({ action }) => JSON.stringify(action?.args).includes(name)) as Approval;
  await server.as("kim").reject(to("ana"), "Not Ana");
  await server.as("kim").edit(to("bo"), { to: "cy" });
  expect(await server.as("sam").get<Run>(`/runs/${id}/wait`)).toMatchObject({
    status: "completed",
    output: expect.stringMatching(/Not Ana.*choose a different approach.* \| 2$/),
  });
  expect(done).toEqual(["looked up Ana", "wrote to cy"]);
  expect(model.requests).toHaveLength(3);
});
