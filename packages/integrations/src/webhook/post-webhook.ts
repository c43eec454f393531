import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { DeliveryError } from "@holdpoint/core";
import { Webhook } from "standardwebhooks";
import { type AddressGuard, createAddressGuard } from "./address-guard.ts";
import { endpointProblem, type WebhookEndpoint } from "./webhook-endpoint.ts";

/** What holds for all of a server's webhooks. */
export interface WebhookOptions {
  /**
   * Networks that may be called besides public addresses, such as `10.1.0.0/16` or, in development, `127.0.0.0/8`.
   * Default none: a requester must not reach what only the server can reach.
   */
  allowAddresses?: readonly string[];
}

/** One message, sent as JSON. */
export interface OutgoingWebhook {
  /** The same on every attempt. */
  id: string;
  /** What happened, `approval.resolved`. */
  type: string;
  /** When, ISO 8601. */
  timestamp: string;
  data: object;
}

/** What a receiver answered, if not with an error. */
export interface WebhookAnswer {
  status: number;
  /** At most {@link maxAnswer} characters. */
  body: string;
}

/** Sends one message to an endpoint. */
export type PostWebhook = (
  endpoint: WebhookEndpoint,
  message: OutgoingWebhook,
  options: { signal: AbortSignal },
) => Promise<WebhookAnswer>;

/** Characters of an answer that are read. */
const maxAnswer = 64_000;
/** How long the rest of an answer is awaited after its status, ms. */
const maxAnswerMs = 1_000;

/**
 * Makes what posts webhooks by the Standard Webhooks specification: signed over id, time and body, no redirects, one
 * connection per message, so that its address is checked every time. Statuses that say that the receiver has understood
 * (2xx, 409, 410) are returned; others reject with a {@link DeliveryError}.
 */
export function createPostWebhook({ allowAddresses }: WebhookOptions): PostWebhook {
  const guard = createAddressGuard(allowAddresses);
  return async (endpoint, { id, ...message }, { signal }) => {
    const problem = endpointProblem(endpoint);
    if (problem) throw new DeliveryError(`The endpoint's ${problem.field} ${problem.message}.`, { permanent: true });
    const url = new URL(endpoint.url);
    guard.check(url);
    const body = JSON.stringify(message);
    const answer = await post(url, { body, headers: signedHeaders(endpoint, id, body), guard, signal });
    const status = answer.statusCode ?? 0;
    const isUnderstood = (status >= 200 && status < 300) || status === 409 || status === 410;
    if (isUnderstood) return { status, body: await readAnswer(answer) };
    answer.destroy();
    throw failure(url, status, answer.headers["retry-after"]);
  };
}

/** Headers of Standard Webhooks; the time is that of the attempt, since receivers take five minutes at most. */
export function signedHeaders({ secret }: Pick<WebhookEndpoint, "secret">, id: string, body: string) {
  const now = new Date();
  const secrets = typeof secret === "string" ? [secret] : secret;
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": secrets.map((each) => new Webhook(each).sign(id, now, body)).join(" "),
  };
}

interface Posting {
  body: string;
  headers: Record<string, string>;
  guard: AddressGuard;
  signal: AbortSignal;
}

function post(url: URL, { body, headers, guard, signal }: Posting): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      agent: false,
      lookup: guard.lookup(url),
      signal,
    })
      .once("response", resolve)
      .once("upgrade", (answer, socket) => {
        socket.destroy();
        resolve(answer);
      })
      .on("error", reject)
      .end(body);
  });
}

/**
 * What is longer, or takes longer, is cut off, and the connection with it. By its status the receiver has taken the
 * message: an answer that breaks off is no reason to send it again.
 */
async function readAnswer(answer: IncomingMessage): Promise<string> {
  let text = "";
  answer.setEncoding("utf8");
  const cutOff = setTimeout(() => answer.destroy(), maxAnswerMs);
  try {
    for await (const chunk of answer) {
      text += chunk;
      if (text.length >= maxAnswer) break;
    }
  } catch {
    // What has come will do.
  } finally {
    clearTimeout(cutOff);
  }
  return text.slice(0, maxAnswer);
}

/** Too busy and too slow pass; whatever else a receiver refuses, redirects included, it would refuse again. */
function failure({ host }: URL, status: number, retryAfter: string | undefined): DeliveryError {
  const permanent = status < 500 && status !== 408 && status !== 429;
  const hint = status >= 300 && status < 400 ? "; redirects aren't followed" : "";
  return new DeliveryError(`${host} answered ${status}${hint}.`, { permanent, retryAfterMs: retryAfterMs(retryAfter) });
}

/** Seconds or a date, as of RFC 9110, section 10.2.3. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
