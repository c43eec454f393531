import { endpoints, type RouteInput, type RouteName, type RouteOutput, type Routes } from "@holdpoint/core";
import { type Clock, systemClock } from "./clock.ts";
import { openSocket } from "./live-socket.ts";
import { answerError, unreachable } from "./response-error.ts";
import { retrying } from "./retry.ts";
import { type GetToken, Tokens } from "./tokens.ts";
import type { RequestOptions, Transport } from "./transport.ts";

/** How to reach a server over HTTP. */
export interface HttpTransportOptions {
  /** Where the server's router is mounted: `/api`, or `https://example.com/api`. */
  url: string;
  /** Without it, or when it gives null, the browser's cookies say who we are. */
  getToken?: GetToken;
  /** Default: the platform's. */
  fetch?: typeof fetch;
  /** How long a request may take, ms; a long poll may take that much longer than it asks for. Default 30,000. */
  timeoutMs?: number;
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
}

/** The parts of a request, whatever the route. */
interface Parts {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** One request, ready to be sent with any token. */
interface Call {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Whether it may be sent twice. */
  repeatable: boolean;
}

/**
 * Reaches a server by fetch and Socket.IO. A request that was refused for its token is repeated with a fresh one; one
 * that got no answer is repeated when that is safe: reads, and whatever carries a key by which the server knows it again.
 */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const { clock = systemClock, random = Math.random, timeoutMs = 30_000 } = options;
  const base = options.url.replace(/\/+$/, "");
  const tokens = new Tokens(options.getToken ?? (() => null));
  const send = sender(options.fetch ?? ((...args) => fetch(...args)), tokens);
  return {
    async request<R extends RouteName>(route: R, input: RouteInput<Routes[R]>, requestOptions: RequestOptions = {}) {
      const call = callOf(base, route, input, { timeoutMs, ...requestOptions });
      const { signal } = call;
      const answer = call.repeatable ? retrying(() => send(call), { clock, random, signal }) : send(call);
      return (await answer) as RouteOutput<Routes[R]>;
    },
    connect: (listener, reason) =>
      openSocket(`${base}/live`, listener, () => (reason === "connect" ? tokens.current() : tokens.renewed(reason))),
  };
}

/** Sends calls with the token in use; resolves with the body of the answer. */
function sender(send: typeof fetch, tokens: Tokens): (call: Call) => Promise<unknown> {
  const attempt = async ({ url, method, body, headers, signal, timeoutMs }: Call, token: string | null) => {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      return await send(url, {
        method,
        body,
        headers: token === null ? headers : { ...headers, authorization: `Bearer ${token}` },
        credentials: token === null ? "include" : "same-origin",
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
    } catch (error) {
      throw signal?.aborted ? error : unreachable(error);
    }
  };
  return async (call) => {
    const token = await tokens.current();
    const first = await attempt(call, token);
    const answer = first.status === 401 ? await attempt(call, await tokens.renewed("unauthorized", token)) : first;
    if (!answer.ok) throw await answerError(answer);
    return answer.json().catch((error: unknown) => {
      throw call.signal?.aborted ? error : unreachable(error);
    });
  };
}

function callOf(base: string, route: RouteName, parts: Parts, options: RequestOptions & { timeoutMs: number }): Call {
  const { method, path } = endpoints[route];
  const { params = {}, query = {}, body } = parts;
  const { idempotencyKey, timeoutMs, signal } = options;
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  return {
    method,
    url: base + filled + queryText(query),
    headers: {
      accept: "application/json",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs: timeoutMs + 1_000 * (typeof query.timeout === "number" ? query.timeout : 0),
    signal,
    repeatable: method === "GET" || idempotencyKey !== undefined || hasKey(body, route === "sendEvent" ? "id" : "key"),
  };
}

/** Whether a body carries the requester's own key, by which a repetition is known; an event's is its id. */
function hasKey(body: unknown, name: "key" | "id"): boolean {
  return typeof (body as Record<string, unknown> | undefined)?.[name] === "string";
}

/** Lists are written as names repeated. */
function queryText(query: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
