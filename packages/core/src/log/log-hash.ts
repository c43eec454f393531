import { canonicalJson, sha256Hex } from "../json/canonical-json.ts";
import type { LogEvent } from "./event.ts";

/** `prevHash` of a tenant's first event. */
export const zeroHash: string = "0".repeat(64);

/**
 * `hash` of a log event: SHA-256 (hex) over the canonical JSON of the rest of the row, `prevHash` included, so that no
 * row can be changed, dropped or put in without breaking the chain after it.
 */
export function logEventHash(event: Omit<LogEvent, "hash">): string {
  const { tenantId, seq, type, approvalId, runId, actor, data, at, prevHash } = event;
  return sha256Hex(canonicalJson({ tenantId, seq, type, approvalId, runId, actor, data, at, prevHash }));
}
