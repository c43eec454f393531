import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { ModelSettings } from "../drafts/model-drafter.ts";
import type { ChatCompletion, ChatMessage, ChatRequest } from "./chat-protocol.ts";

/** What a script says next: the answer, or calls of tools. */
export type ScriptedReply = { text: string } | { calls: ScriptedCall[] };

/** A call of a tool; numbered when it has no id of its own. */
export interface ScriptedCall {
  id?: string;
  name: string;
  args: object;
}

/** Decides what the model says to a conversation. It must say the same to the same. */
export type Script = (messages: readonly ChatMessage[]) => ScriptedReply;

/** A model on loopback that follows a script. */
export interface ScriptedModel {
  settings: ModelSettings;
  /** What it was asked, oldest first. */
  requests: ChatRequest[];
  close(): Promise<void>;
}

/** Serves `POST /v1/chat/completions` on a free port of 127.0.0.1. */
export async function startScriptedModel(script: Script): Promise<ScriptedModel> {
  const requests: ChatRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, script, requests).then(
      (completion) => send(response, 200, completion),
      (error: Error) => send(response, 400, { error: { message: error.message, type: "invalid_request_error" } }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    settings: { url: `http://127.0.0.1:${port}/v1`, apiKey: "none", model: "scripted" },
    requests,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, script: Script, requests: ChatRequest[]): Promise<ChatCompletion> {
  if (request.method !== "POST" || request.url !== "/v1/chat/completions") throw new Error(`No ${request.url} here.`);
  const asked = (await json(request)) as ChatRequest;
  requests.push(asked);
  const message = messageOf(script(asked.messages), asked.messages);
  return {
    id: `chatcmpl-${requests.length}`,
    object: "chat.completion",
    created: 0,
    model: asked.model,
    choices: [{ index: 0, message, finish_reason: message.tool_calls ? "tool_calls" : "stop" }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  };
}

function messageOf(reply: ScriptedReply, messages: readonly ChatMessage[]): ChatMessage {
  if ("text" in reply) return { role: "assistant", content: reply.text };
  const turn = messages.filter(({ role }) => role === "assistant").length + 1;
  return {
    role: "assistant",
    content: null,
    tool_calls: reply.calls.map(({ id, name, args }, n) => ({
      id: id ?? `call_${turn}_${n + 1}`,
      type: "function",
      function: { name, arguments: JSON.stringify(args) },
    })),
  };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
