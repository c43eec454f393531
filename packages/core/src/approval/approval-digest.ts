import { canonicalJson, sha256Hex } from "../json/canonical-json.ts";
import type { Json } from "../json/json.ts";
import type { Approval } from "./approval.ts";

/** What a reviewer is shown and decides on. */
export type Shown = Pick<
  Approval,
  | "kind"
  | "title"
  | "message"
  | "action"
  | "content"
  | "form"
  | "allow"
  | "labels"
  | "risk"
  | "requestedBy"
  | "source"
  | "tags"
>;

/**
 * SHA-256 (hex) over the canonical JSON of what reviewers are shown. A decision carries the digest of what its reviewer
 * saw, so that nobody decides on one thing and approves another. Who may decide, and until when, is not part of it.
 */
export function approvalDigest(approval: Shown): string {
  const { kind, title, message, action, content, form, allow, labels, risk, requestedBy, source, tags } = approval;
  const shown: Shown = { kind, title, message, action, content, form, allow, labels, risk, requestedBy, source, tags };
  return sha256Hex(canonicalJson(shown));
}

/** SHA-256 (hex) over the canonical JSON of an action's arguments; checked again where the action executes. */
export function argsDigest(args: Json): string {
  return sha256Hex(canonicalJson(args));
}

/** Whether two JSON values are the same value. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
