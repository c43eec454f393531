import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { Approval, Run } from "@holdpoint/core";
import { startTestHoldpoint, type TestHoldpoint } from "@holdpoint/server/testing";
import { tool } from "ai";
import { tool as tool6 } from "ai-6";
import { createOpenAICompatible as createOpenAICompatible6 } from "openai-compatible-2";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { type Script, type ScriptedModel, startScriptedModel } from "../server/model/scripted-model.ts";
import { createAgent } from "./ai-sdk-agent.ts";
import { createAgent as createAgent6 } from "./test-ai-sdk-6-agent.ts";

let model: ScriptedModel;
let server: TestHoldpoint;
const done: string[] = [];

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await model.close();
  done.length = 0;
});

const lookUp = {
  inputSchema: z.object({ name: z.string() }),
  execute: ({ name }: { name: string }) => done.push(`looked up ${name}`),
};
const sendEmail = {
  inputSchema: z.object({ to: z.string() }),
  execute: ({ to }: { to: string }) => done.push(`wrote to ${to}`),
};

/** The same agent, model and tools in the words of each version of the SDK. */
const versions = {
  7: (baseURL: string) => {
    const model = createOpenAICompatible({ name: "test", baseURL, apiKey: "none" })("scripted");
    return createAgent(model, { look_up: tool(lookUp), send_email: tool(sendEmail) });
  },
  6: (baseURL: string) => {
    const model = createOpenAICompatible6({ name: "test", baseURL, apiKey: "none" })("scripted");
    return createAgent6(model, { look_up: tool6(lookUp), send_email: tool6(sendEmail) });
  },
};

const script: Script = (messages) => {
  const turn = messages.filter(({ role }) => role === "assistant").length;
  const email = (to: string) => ({ name: "send_email", args: { to } });
  if (turn === 0) return { calls: [{ name: "look_up", args: { name: "Ana" } }] };
  if (turn === 1) return { calls: [email("ana"), email("bo")] };
  return { text: messages.flatMap(({ role, content }) => (role === "tool" ? [content] : [])).join(" | ") };
};

test.each([7, 6] as const)(
  "A9: the loop of the AI SDK %i runs with gated tools, and its parallel calls are approved one by one",
  async (version) => {
    model = await startScriptedModel(script);
    server = await startTestHoldpoint({ workflows: [versions[version](model.settings.url)] });
    const { id } = await server.as("sam").startRun({ workflow: "agent", input: "Tell them." });
    const inTime = { timeout: 60_000 };
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
  },
);
