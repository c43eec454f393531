import { HoldpointError } from "@holdpoint/core";
import { Webhook } from "standardwebhooks";
import type { NotificationMessage } from "./webhook-channel.ts";
import type { WebhookEndpoint } from "./webhook-endpoint.ts";
import type { ResolvedMessage } from "./webhook-resumer.ts";

/** A request as it came in. */
export interface IncomingWebhook {
  /** The body's bytes or text, before anything has parsed it. */
  body: string | Uint8Array;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a webhook says, and the id under which it may come again. */
export type WebhookMessage = { id: string } & (ResolvedMessage | NotificationMessage);

/**
 * Checks that a webhook comes from who knows the secret, unchanged and within five minutes, and returns what it says. It
 * may come more than once: keep the `id` of what you have done, and answer 2xx or 409 when you see it again.
 *
 * @param secret that of the endpoint; any of several, while they are being replaced
 * @throws {HoldpointError} `unauthenticated`
 */
export function verifyWebhook({ body, headers }: IncomingWebhook, secret: WebhookEndpoint["secret"]): WebhookMessage {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  const signed = {
    "webhook-id": headerOf(headers, "webhook-id"),
    "webhook-timestamp": headerOf(headers, "webhook-timestamp"),
    "webhook-signature": headerOf(headers, "webhook-signature"),
  };
  for (const each of typeof secret === "string" ? [secret] : secret) {
    try {
      const message = new Webhook(each).verify(text, signed) as ResolvedMessage | NotificationMessage;
      return { id: signed["webhook-id"], ...message };
    } catch {
      // Perhaps with the next one.
    }
  }
  throw new HoldpointError("unauthenticated", "The webhook's signature or time is not right; answer it with 401.");
}

/** Names of headers come in any case. */
function headerOf(headers: IncomingWebhook["headers"], name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return (Array.isArray(found) ? found[0] : found) ?? "";
}
