import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One call that a service got. */
export interface ServiceCall {
  path: string;
  headers: IncomingMessage["headers"];
  /** What was sent, as JSON. */
  body: string;
}

/** Somebody else's service on a real port. */
export interface Service extends AsyncDisposable {
  url: string;
  calls: ServiceCall[];
  answer: (response: ServerResponse, call: ServiceCall) => void;
}

export async function startService(answer: Service["answer"]): Promise<Service> {
  const server = createServer(async (request, response) => {
    const call = { path: request.url ?? "", headers: request.headers, body: await text(request) };
    service.calls.push(call);
    service.answer(response, call);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const service: Service = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    answer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return service;
}
