import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { verifyWebhook, type WebhookMessage } from "./verify-webhook.ts";

/** Of Standard Webhooks' own examples. */
export const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** The loopback, which tests allow. */
export const loopback = ["127.0.0.0/8"];

/** What answers the nth request, counted from 1. */
export type Answering = (request: number, response: ServerResponse) => void;

/** A program on a real port that takes webhooks, as a customer would write it. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** Everything that came, verified. */
  readonly messages: WebhookMessage[];
  readonly headers: IncomingMessage["headers"][];
  /** What took effect: a message that comes again under its id doesn't. */
  readonly effects: WebhookMessage[];
  answer: Answering;
}

const ok: Answering = (_request, response) => void response.writeHead(204).end();

export async function startReceiver(answer: Answering = ok): Promise<Receiver> {
  const seen = new Set<string>();
  const server = createServer(async (request, response) => {
    const message = verifyWebhook({ body: await buffer(request), headers: request.headers }, secret);
    receiver.headers.push(request.headers);
    const count = receiver.messages.push(message);
    response.once("finish", () => {
      if (response.statusCode < 300 && !seen.has(message.id)) receiver.effects.push(message);
      if (response.statusCode < 300) seen.add(message.id);
    });
    receiver.answer(count, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    messages: [],
    headers: [],
    effects: [],
    answer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}

/** Answers with a status. */
export function status(code: number, headers: Record<string, string> = {}, body = ""): Answering {
  return (_request, response) => void response.writeHead(code, headers).end(body);
}
