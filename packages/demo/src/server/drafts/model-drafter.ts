import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText } from "ai";
import type { Draft, Drafter, Prospect } from "./draft.ts";

/** Where a model that speaks OpenAI's chat protocol is reached. */
export interface ModelSettings {
  /** Base address, up to and including the version: `http://127.0.0.1:8080/v1`. */
  url: string;
  apiKey: string;
  model: string;
}

const instructions =
  "You write short, friendly sales emails in plain text. Answer with the subject on the first line, without a label, " +
  "then an empty line, then the body. No placeholders. Sign with the sender's name.";

/** A drafter that asks a model. Retries are the workflow step's, so a failed call fails at once. */
export function modelDrafter({ url, apiKey, model }: ModelSettings): Drafter {
  const provider = createOpenAICompatible({ name: "drafts", baseURL: url, apiKey });
  return {
    source: `the model ${model}`,
    async draft(prospect, senderName, signal) {
      const { text } = await generateText({
        model: provider(model),
        system: instructions,
        prompt: describe(prospect, senderName),
        maxRetries: 0,
        abortSignal: signal,
      });
      return parseDraft(text);
    },
  };
}

function describe({ name, email, company, note }: Prospect, senderName: string): string {
  return [`Recipient: ${name} <${email}> at ${company}`, `Sender: ${senderName}`, note && `What it should say: ${note}`]
    .filter(Boolean)
    .join("\n");
}

function parseDraft(text: string): Draft {
  const [subject = "", ...rest] = text.trim().split("\n");
  const body = rest.join("\n").trim();
  if (subject.trim() === "" || body === "") throw new Error("The model answered without a subject and a body.");
  return { subject: subject.replace(/^subject:\s*/i, "").trim(), body };
}
