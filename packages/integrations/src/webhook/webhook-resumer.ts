import {
  DeliveryError,
  type Json,
  type Outcome,
  type ResumedApproval,
  type Resumer,
  type Resumption,
  type Source,
  sameJson,
} from "@holdpoint/core";
import { createPostWebhook, type WebhookEndpoint, type WebhookOptions } from "./post-webhook.ts";

/** An endpoint that requests can name. */
export interface RegisteredEndpoint extends WebhookEndpoint {
  /** The tenant whose approvals may be sent there; default any. */
  tenantId?: string;
}

/** URLs that requests may bring along. */
export interface CallbackUrls {
  /** Hosts, with their port unless it is the usual one, at which a `callbackUrl` may be: `hooks.example.com`. */
  hosts: readonly string[];
  secret: WebhookEndpoint["secret"] | ((tenantId: string) => WebhookEndpoint["secret"]);
}

/** What {@link webhookResumer} takes. */
export interface WebhookResumerOptions extends WebhookOptions {
  /** By the name that a request gives in `source.ref.endpoint`; or a function that finds it. */
  endpoints?:
    | Readonly<Record<string, RegisteredEndpoint>>
    | ((name: string, tenantId: string) => RegisteredEndpoint | undefined);
  /** When given, a request may name a `source.ref.callbackUrl` at one of these hosts instead. */
  callbacks?: CallbackUrls;
}

/** How one approval ended, as a receiver gets it. */
export interface ResolvedApproval {
  approvalId: string;
  /** The requester's own key. */
  key?: string;
  outcome: Outcome;
  /** What the request left in `source.ref`. */
  ref?: Json;
}

/** What a receiver gets: one outcome, or those of a group whose members are delivered together. */
export type ResolvedMessage =
  | { type: "approval.resolved"; timestamp: string; data: ResolvedApproval }
  | { type: "approval_group.resolved"; timestamp: string; data: { group: string; approvals: ResolvedApproval[] } };

/**
 * Wakes a program in any language by a signed webhook: `source: { engine: "webhook", ref: { endpoint: "billing" } }` names
 * an endpoint that the server knows. It is repeated until the receiver answers 2xx, always under the same `webhook-id`; 409
 * says that it knew already, 410 that nothing waits any more.
 */
export function webhookResumer(options: WebhookResumerOptions): Resumer {
  const post = createPostWebhook(options);
  return {
    engine: "webhook",
    async deliver(resumption, { signal }) {
      const message = { id: resumption.id, ...messageOf(resumption) };
      const { status } = await post(endpointOf(options, resumption), message, { signal });
      if (status === 410) return "gone";
      return status === 409 ? "already_resolved" : "delivered";
    },
  };
}

function messageOf({ group, at: timestamp, approvals }: Resumption): ResolvedMessage {
  const resolved = approvals.map(resolvedApproval);
  const [only] = resolved;
  if (group === undefined && only) return { type: "approval.resolved", timestamp, data: only };
  return { type: "approval_group.resolved", timestamp, data: { group: group ?? "", approvals: resolved } };
}

function resolvedApproval({ approvalId, key, outcome, source }: ResumedApproval): ResolvedApproval {
  return { approvalId, key, outcome, ref: source.ref };
}

function endpointOf(options: WebhookResumerOptions, { tenantId, approvals }: Resumption): WebhookEndpoint {
  const [target, ...others] = approvals.map(({ source }) => targetOf(source));
  if (!target) refuse("There is no approval to deliver.");
  if (others.some((other) => !sameJson(other, target))) refuse("All members of a group must name the same endpoint.");
  if ("callbackUrl" in target) return callback(options.callbacks, target.callbackUrl, tenantId);
  const { endpoints = {} } = options;
  const found =
    typeof endpoints === "function" ? endpoints(target.endpoint, tenantId) : own(endpoints, target.endpoint);
  if (found && (found.tenantId === undefined || found.tenantId === tenantId)) return found;
  return refuse(`There is no webhook endpoint "${target.endpoint}" for this tenant.`);
}

function targetOf({ ref }: Source): { endpoint: string } | { callbackUrl: string } {
  if (typeof ref === "object" && ref !== null && !Array.isArray(ref)) {
    const { endpoint, callbackUrl } = ref;
    if (typeof endpoint === "string" && callbackUrl === undefined) return { endpoint };
    if (typeof callbackUrl === "string" && endpoint === undefined) return { callbackUrl };
  }
  return refuse("source.ref must have either an endpoint or a callbackUrl.");
}

/** A name such as "constructor" must not find what every object has. */
function own<T>(endpoints: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
}

function callback(callbacks: CallbackUrls | undefined, url: string, tenantId: string): WebhookEndpoint {
  const host = URL.canParse(url) ? new URL(url).host : undefined;
  if (!callbacks || host === undefined || !callbacks.hosts.includes(host)) {
    return refuse(`The callbackUrl's host is none that the server calls: ${host ?? url}`);
  }
  const { secret } = callbacks;
  return { url, secret: typeof secret === "function" ? secret(tenantId) : secret };
}

function refuse(message: string): never {
  throw new DeliveryError(message, { permanent: true });
}
