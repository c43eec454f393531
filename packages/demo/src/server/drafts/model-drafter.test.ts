import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { modelDrafter } from "./model-drafter.ts";

const prospect = {
  name: "Ana Ruiz",
  email: "ana@casaolmo.example",
  company: "Casa Olmo",
  note: "The terrace is back.",
};

let server: Server | undefined;

afterEach(() => {
  server?.close();
});

/** A server on loopback that speaks the chat protocol and always says `answer`. */
async function startModel(status: number, answer: string): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  server = createServer(async (request: IncomingMessage, response) => {
    requests.push(`${request.headers.authorization} ${await text(request)}`);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(completion(answer)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests };
}

function completion(content: string) {
  return {
    id: "chat-1",
    object: "chat.completion",
    created: 0,
    model: "small",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}

function draftWith(url: string) {
  const drafter = modelDrafter({ url, apiKey: "key-1", model: "small" });
  return drafter.draft(prospect, "Mia Stone", AbortSignal.timeout(20_000));
}

test("the model's first line is the subject and the rest the body", async () => {
  const model = await startModel(200, "Subject: Your terrace\n\nHi Ana,\n\nshall we talk?\n\nMia");
  expect(await draftWith(model.url)).toEqual({ subject: "Your terrace", body: "Hi Ana,\n\nshall we talk?\n\nMia" });
});

test("the model is told about the prospect and called with the key", async () => {
  const model = await startModel(200, "Your terrace\n\nHi Ana");
  await draftWith(model.url);
  expect(model.requests).toHaveLength(1);
  expect(model.requests[0]).toContain("Bearer key-1");
  for (const fact of ["Casa Olmo", "ana@casaolmo.example", "The terrace is back.", "Mia Stone"]) {
    expect(model.requests[0]).toContain(fact);
  }
});

test("an answer without a body is no draft", async () => {
  const model = await startModel(200, "Just one line");
  await expect(draftWith(model.url)).rejects.toThrow("without a subject and a body");
});

test("a failing endpoint is asked once; trying again is the step's business", async () => {
  const model = await startModel(500, "");
  await expect(draftWith(model.url)).rejects.toThrow();
  expect(model.requests).toHaveLength(1);
});
