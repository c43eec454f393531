import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, type ModelMessage, type ToolSet } from "ai";
import type { ModelSettings } from "../drafts/model-drafter.ts";

/** A call that the model wants to be made. */
export interface AssistantCall {
  toolCallId: string;
  toolName: string;
  input: unknown;
  /** Why it can't be made: no such tool, or arguments that don't fit. */
  problem?: string;
}

/** What the model says to a conversation; plain JSON, so that a step can record it. */
export interface AssistantTurn {
  text: string;
  calls: AssistantCall[];
}

/** A model that may call tools. */
export interface Assistant {
  /** One turn; the tools are described to the model and not executed. */
  think(messages: ModelMessage[], tools: ToolSet, signal: AbortSignal): Promise<AssistantTurn>;
}

const instructions =
  "You work for a small company. Use the tools to do what you are asked, then say in one sentence what you did. When a " +
  "person doesn't approve of a call, don't repeat it: find another way, or say why it can't be done.";

/** An assistant that asks a model over OpenAI's chat protocol. Retries are the workflow step's. */
export function modelAssistant({ url, apiKey, model }: ModelSettings): Assistant {
  const provider = createOpenAICompatible({ name: "assistant", baseURL: url, apiKey });
  return {
    async think(messages, tools, signal) {
      const { text, toolCalls } = await generateText({
        model: provider(model),
        system: instructions,
        messages,
        tools: described(tools),
        maxRetries: 0,
        abortSignal: signal,
      });
      const calls = toolCalls.map(({ toolCallId, toolName, input, ...call }) => ({
        toolCallId,
        toolName,
        input: input as unknown,
        ...("invalid" in call && call.invalid && { problem: String(call.error) }),
      }));
      return { text, calls };
    },
  };
}

/** The model is told of all there is, and executes nothing by itself. */
function described(tools: ToolSet): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, { execute: _, ...tool }]) => [name, tool as ToolSet[string]]),
  );
}
