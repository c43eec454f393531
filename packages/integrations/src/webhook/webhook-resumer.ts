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
import { createPostWebhook, type WebhookOptions } from "./post-webhook.ts";
import { assertEndpoint, assertSecret, type WebhookEndpoint } from "./webhook-endpoint.ts";

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
 *
 * @throws {HoldpointError} `invalid_request` naming the field of an endpoint that couldn't be used
 */
export function webhookResumer(options: WebhookResumerOptions): Resumer {
  assertUsable(options);
  const post = createPostWebhook(options);
  return {
    engine: "webhook",
    check(source, tenantId) {
      const found = endpointOf(options, source, tenantId);
      return "problem" in found ? found.problem : undefined;
    },
    async deliver(resumption, { signal }) {
      const message = { id: resumption.id, ...messageOf(resumption) };
      const { status } = await post(endpointOfAll(options, resumption), message, { signal });
      if (status === 410) return "gone";
      return status === 409 ? "already_resolved" : "delivered";
    },
  };
}

/** What a function finds can only be looked at when it is sent. */
function assertUsable({ endpoints = {}, callbacks }: WebhookResumerOptions): void {
  const named = typeof endpoints === "function" ? {} : endpoints;
  for (const [name, endpoint] of Object.entries(named)) assertEndpoint(endpoint, ["endpoints", name]);
  if (callbacks && typeof callbacks.secret !== "function") assertSecret(callbacks.secret, ["callbacks", "secret"]);
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

/** Why a `source.ref` leads nowhere, as a field's problem. */
interface Unusable {
  problem: string;
}

/** Where the outcomes of one delivery go: all to the same place. */
function endpointOfAll(options: WebhookResumerOptions, { tenantId, approvals }: Resumption): WebhookEndpoint {
  const [first, ...others] = approvals.map(({ source }) => source);
  if (!first) return refuse("There is no approval to deliver.");
  const target = targetOf(first);
  if (others.some((other) => !sameJson(targetOf(other), target))) {
    return refuse("All members of a group must name the same endpoint.");
  }
  const found = endpointOf(options, first, tenantId);
  return "problem" in found ? refuse(`source.ref ${found.problem}.`) : found;
}

function endpointOf(
  { endpoints = {}, callbacks }: WebhookResumerOptions,
  source: Source,
  tenantId: string,
): WebhookEndpoint | Unusable {
  const target = targetOf(source);
  if ("problem" in target) return target;
  if ("callbackUrl" in target) return callback(callbacks, target.callbackUrl, tenantId);
  const { endpoint: name } = target;
  const found = typeof endpoints === "function" ? endpoints(name, tenantId) : own(endpoints, name);
  if (found && (found.tenantId === undefined || found.tenantId === tenantId)) return found;
  return { problem: `names the endpoint "${name}", which this tenant doesn't have` };
}

function targetOf({ ref }: Source): { endpoint: string } | { callbackUrl: string } | Unusable {
  if (typeof ref === "object" && ref !== null && !Array.isArray(ref)) {
    const { endpoint, callbackUrl } = ref;
    if (typeof endpoint === "string" && callbackUrl === undefined) return { endpoint };
    if (typeof callbackUrl === "string" && endpoint === undefined) return { callbackUrl };
  }
  return { problem: "must have either an endpoint or a callbackUrl" };
}

/** A name such as "constructor" must not find what every object has. */
function own<T>(endpoints: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
}

function callback(callbacks: CallbackUrls | undefined, url: string, tenantId: string): WebhookEndpoint | Unusable {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!callbacks || !target || !/^https?:$/.test(target.protocol) || !callbacks.hosts.includes(target.host)) {
    return { problem: `has a callbackUrl that the server doesn't call: ${url}` };
  }
  const { secret } = callbacks;
  return { url, secret: typeof secret === "function" ? secret(tenantId) : secret };
}

function refuse(message: string): never {
  throw new DeliveryError(message, { permanent: true });
}
