import { askHuman, type Workflow, workflow } from "@holdpoint/core";
import { generateText, isStepCount, wrapLanguageModel } from "ai";
import { recordedBy } from "./ai-sdk-agent.ts";

type Model = Parameters<typeof wrapLanguageModel>[0]["model"];

/** An agent whose model may ask a person, also several things at once; each answer goes to the call that asked. */
export function createAskingAgent(model: Model): Workflow<string, string> {
  return workflow("asking-agent", { version: 1 }, async (run, task: string) => {
    const { text } = await generateText({
      model: wrapLanguageModel({ model, middleware: recordedBy(run) }),
      tools: { ask_developer: askHuman(run, { agent: { id: "agent", name: "Agent" } }) },
      stopWhen: isStepCount(20),
      prompt: task,
    });
    return text;
  });
}
