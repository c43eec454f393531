import { HoldpointError, jsonPointer } from "@holdpoint/core";
import { Webhook } from "standardwebhooks";

/** Where a webhook goes, and how it is signed. */
export interface WebhookEndpoint {
  /** https, unless its address is in a network of `allowAddresses`. */
  url: string;
  /** `whsec_` and base64, as of Standard Webhooks; several while they are being replaced. */
  secret: string | readonly string[];
}

/** What is wrong with an endpoint. */
export interface EndpointProblem {
  field: keyof WebhookEndpoint;
  message: string;
}

/** Why nothing could be sent to an endpoint, signed; undefined when it can. */
export function endpointProblem({ url, secret }: WebhookEndpoint): EndpointProblem | undefined {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return { field: "url", message: "must be a whole URL that begins with https:// (or http://)" };
  }
  const message = secretProblem(secret);
  return message === undefined ? undefined : { field: "secret", message };
}

/**
 * Has an endpoint refused while its configuration is read.
 *
 * @param path of the endpoint in the options
 * @throws {HoldpointError} `invalid_request` naming the field
 */
export function assertEndpoint(endpoint: WebhookEndpoint, path: readonly string[]): void {
  const problem = endpointProblem(endpoint);
  if (problem) refuse([...path, problem.field], problem.message);
}

/** The same for a secret alone. */
export function assertSecret(secret: WebhookEndpoint["secret"], path: readonly string[]): void {
  const message = secretProblem(secret);
  if (message !== undefined) refuse(path, message);
}

/** Host's configuration: an environment variable that isn't set comes as undefined. */
function secretProblem(secret: WebhookEndpoint["secret"] | undefined): string | undefined {
  const secrets = typeof secret === "string" ? [secret] : (secret ?? []);
  if (secrets.length === 0) return "must hold at least one secret; nothing is sent unsigned";
  return secrets.every(isUsable) ? undefined : "must be whsec_ and base64, as of Standard Webhooks";
}

function isUsable(secret: string): boolean {
  try {
    return secret.replace(/^whsec_/, "") !== "" && new Webhook(secret).sign("", new Date(), "") !== "";
  } catch {
    return false;
  }
}

function refuse(path: readonly string[], message: string): never {
  const pointer = jsonPointer([...path]);
  throw new HoldpointError("invalid_request", `${path.join(".")}: ${message}.`, [{ pointer, message }]);
}
