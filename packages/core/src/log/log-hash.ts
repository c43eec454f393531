import { canonicalJson, sha256Hex } from "../json/canonical-json.ts";
import type { LogEvent } from "./event.ts";

/** `prevHash` of a tenant's first event. */
export const zeroHash: string = "0".repeat(64);

/** What the `hash` of a log event is taken of: the canonical JSON of the rest of the row, `prevHash` included. */
export function logEventText(event: Omit<LogEvent, "hash">): string {
  const { tenantId, seq, type, approvalId, runId, actor, data, at, prevHash } = event;
  return canonicalJson({ tenantId, seq, type, approvalId, runId, actor, data, at, prevHash });
}

/**
 * `hash` of a log event: SHA-256 (hex) of its {@link logEventText}, so that no row can be changed, dropped or put in without
 * breaking the chain after it.
 */
export function logEventHash(event: Omit<LogEvent, "hash">): string {
  return sha256Hex(logEventText(event));
}
