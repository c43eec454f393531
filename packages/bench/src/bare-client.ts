import { Agent, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** The least that calling the API takes: a kept-alive connection of `node:http`, so that what is timed is the server. */
export interface BareClient {
  get(path: string): Promise<unknown>;
  post(path: string, body: object, headers?: Record<string, string>): Promise<unknown>;
}

/** Calls `url` (`http://127.0.0.1:<port>/api`) with a token. */
export function bareClient(url: string, token: string): BareClient {
  const agent = new Agent({ keepAlive: true });
  const authorization = `Bearer ${token}`;
  const call = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    request(`${url}${path}`, { method, agent, headers: { authorization, ...headers } }, resolve)
      .on("error", reject)
      .end(body);
    const answer = await promise;
    const content = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${method} ${path} answered ${answer.statusCode}: ${content}`);
    return JSON.parse(content) as unknown;
  };
  return {
    get: (path) => call("GET", path, {}),
    post: (path, body, headers) =>
      call("POST", path, { "content-type": "application/json", ...headers }, JSON.stringify(body)),
  };
}
