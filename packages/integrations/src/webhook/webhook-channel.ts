import { DeliveryError, type Json, type Notification, type NotificationChannel } from "@holdpoint/core";
import { createPostWebhook, type WebhookOptions } from "./post-webhook.ts";
import { assertEndpoint, type WebhookEndpoint } from "./webhook-endpoint.ts";

/** One endpoint for all tenants, or each tenant's own. */
export type WebhookChannelOptions = WebhookOptions &
  (WebhookEndpoint | { endpointOf(tenantId: string): WebhookEndpoint | undefined });

/** What a receiver gets: `type` is `notification.` and the cause. */
export interface NotificationMessage {
  type: `notification.${Notification["cause"]}`;
  timestamp: string;
  data: Notification;
}

/**
 * Tells people through a program of the host's own, by a signed webhook. A receiver may answer with `{"ref": ...}`; it gets
 * that back with what is told later of the same approval.
 *
 * @throws {HoldpointError} `invalid_request` naming `url` or `secret`, when it couldn't be used
 */
export function webhookChannel(options: WebhookChannelOptions): NotificationChannel {
  if (!("endpointOf" in options)) assertEndpoint(options, []);
  const post = createPostWebhook(options);
  const endpointOf = "endpointOf" in options ? options.endpointOf : () => options;
  return {
    async send(notification, { signal }) {
      const { id, tenantId, cause, at: timestamp } = notification;
      const endpoint = endpointOf(tenantId);
      if (!endpoint) throw new DeliveryError(`Tenant ${tenantId} has no webhook endpoint.`, { permanent: true });
      const message = { id, type: `notification.${cause}`, timestamp, data: notification };
      const { status, body } = await post(endpoint, message, { signal });
      if (status === 410) throw new DeliveryError("The receiver is gone (410).", { permanent: true });
      const ref = refOf(body);
      return ref === undefined ? {} : { ref };
    },
  };
}

function refOf(body: string): Json | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === "object" && answer !== null && "ref" in answer ? (answer.ref as Json) : undefined;
  } catch {
    return undefined;
  }
}
