import { type RunContext, type Workflow, workflow } from "@holdpoint/core";
import { generateText, isStepCount, type LanguageModelMiddleware, type ToolSet, wrapLanguageModel } from "ai";

type Model = Parameters<typeof wrapLanguageModel>[0]["model"];

/** The AI SDK's own agent loop as a workflow: it survives restarts, and its emails wait for approval. */
export function createAgent(model: Model, tools: ToolSet): Workflow<string, string> {
  return workflow("agent", { version: 1 }, async (run, task: string) => {
    const { text } = await generateText({
      model: wrapLanguageModel({ model, middleware: recordedBy(run) }),
      tools: run.gateTools(tools, { require: ["send_email"] }),
      stopWhen: isStepCount(20),
      prompt: task,
    });
    return text;
  });
}

/** What the model says is recorded, so that the loop hears the same when it goes on after a pause; HTTP's part isn't. */
export function recordedBy(run: RunContext): LanguageModelMiddleware {
  return {
    specificationVersion: "v4",
    wrapGenerate: ({ doGenerate }) =>
      run.step("think", async () => {
        const { request: _request, response: _response, ...said } = await doGenerate();
        return JSON.parse(JSON.stringify(said)) as typeof said;
      }),
  };
}
