export type { WebhookOptions } from "./webhook/post-webhook.ts";
export { type IncomingWebhook, verifyWebhook, type WebhookMessage } from "./webhook/verify-webhook.ts";
export { type NotificationMessage, type WebhookChannelOptions, webhookChannel } from "./webhook/webhook-channel.ts";
export type { WebhookEndpoint } from "./webhook/webhook-endpoint.ts";
export {
  type CallbackUrls,
  type RegisteredEndpoint,
  type ResolvedApproval,
  type ResolvedMessage,
  type WebhookResumerOptions,
  webhookResumer,
} from "./webhook/webhook-resumer.ts";
