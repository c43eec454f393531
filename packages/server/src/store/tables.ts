import type { DeliveryTables } from "./delivery-tables.ts";
import type { RunTables } from "./run-tables.ts";

/**
 * Every table, by name. Times are ISO 8601 text as on the wire: of fixed width, so they sort. Flags are 0 and 1,
 * which all drivers take. JSON is text.
 */
export interface Tables extends RunTables, DeliveryTables {
  approvals: ApprovalsTable;
  approval_audience: ApprovalAudienceTable;
  tenants: TenantsTable;
  events: EventsTable;
  response_keys: ResponseKeysTable;
  api_keys: ApiKeysTable;
  grants: GrantsTable;
}

/** One row per approval: the whole of it as JSON in `body`, and columns for what queries look at. */
export interface ApprovalsTable {
  tenant_id: string;
  /** Ids are sortable by time, so the primary key is also the order of creation. */
  id: string;
  key: string | null;
  /** Hash of the request that carried `key`, to tell a repetition from a conflict. */
  request_hash: string | null;
  kind: string;
  status: string;
  risk: string;
  engine: string | null;
  workflow: string | null;
  run_id: string | null;
  version: number;
  updated_at: string;
  /** {@link forever} when the approval has no deadline, so that those sort last. */
  deadline_at: string;
  /** When its next timer strikes; null when none will. */
  due_at: string | null;
  /** When a claim on it ends; null while nobody has claimed it. */
  claim_until: string | null;
  /** JSON strings, each with a comma before it. */
  tags: string;
  /** Title, message and action name in lower case. */
  search_text: string;
  body: string;
}

/** Who has a part in an approval; what lists and counts start from. */
export interface ApprovalAudienceTable {
  tenant_id: string;
  /** `*` (every reviewer), `user:ID`, `group:NAME`, `owner:ID` (asked for it) or `decider:ID` (has had their say). */
  subject: string;
  /** 1 while the approval is pending. */
  pending: number;
  approval_id: string;
  part: AudiencePart;
  risk: string;
}

/** `decide`: it is this subject's turn; `look`: may see it; `barred`: may not decide, whatever else says so. */
export type AudiencePart = "decide" | "look" | "barred";

/** Where each tenant's log ends. On Postgres its row is the lock under which the log grows. */
export interface TenantsTable {
  id: string;
  seq: number;
  hash: string;
}

/** The append-only log. */
export interface EventsTable {
  tenant_id: string;
  seq: number;
  type: string;
  approval_id: string | null;
  run_id: string | null;
  /** A person as JSON. */
  actor: string | null;
  data: string;
  at: string;
  prev_hash: string;
  hash: string;
}

/** Responses that carried an idempotency key. */
export interface ResponseKeysTable {
  tenant_id: string;
  approval_id: string;
  person_id: string;
  key: string;
  request_hash: string;
  at: string;
}

/** Keys of agents and services; the secret itself is never stored. */
export interface ApiKeysTable {
  id: string;
  tenant_id: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  name: string;
  role: string;
  /** JSON list of group names. */
  groups: string;
  /** The person who answers for what the key does. */
  owner_id: string | null;
  created_at: string;
  revoked_at: string | null;
}

/** Remembered grants; `body` is the grant as it was given, the columns say what became of it. */
export interface GrantsTable {
  tenant_id: string;
  id: string;
  /** Digest of what it is for, by which requests find it. */
  scope: string;
  by_id: string;
  uses: number;
  max_uses: number | null;
  expires_at: string;
  revoked_at: string | null;
  /** A person as JSON. */
  revoked_by: string | null;
  body: string;
}

/** Stands for "no deadline" in `deadline_at`. */
export const forever = "9999-12-31T23:59:59.999Z";
