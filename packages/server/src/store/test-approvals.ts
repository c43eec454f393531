import {
  type Approval,
  type ApprovalRequest,
  applyDecision,
  createApproval,
  createIds,
  eventsBetween,
  type LogEvent,
  type RespondInput,
  toDecision,
  type Viewer,
} from "@holdpoint/core";
import type { Kysely } from "kysely";
import { fromBody, insertApproval, lockApproval, saveApproval } from "./approvals-table.ts";
import type { Store } from "./store.ts";
import type { Tables } from "./tables.ts";

export const newId = createIds();

/** The time; a variable would do, but rows should differ in it as in life. */
export function now(): string {
  return new Date().toISOString();
}

/** Somebody of the tenant `acme`, a reviewer unless it is said otherwise. */
export function viewer(id: string, facts: Partial<Viewer> = {}): Viewer {
  return { id, tenantId: "acme", groups: [], role: "reviewer", ...facts };
}

/** What a request makes of itself, not stored yet. */
export function newApproval(
  request: Partial<ApprovalRequest> = {},
  facts: { tenantId?: string; ownerId?: string; now?: string } = {},
): Approval {
  return createApproval(
    { title: "Refund order 7", ...request },
    { id: newId("apr"), tenantId: "acme", now: now(), ...facts },
  );
}

/** Stores an approval and logs it, as requesting one does. */
export async function store(target: Store, approval: Approval): Promise<Approval> {
  await target.write(async (tx) => {
    await insertApproval(tx, approval, approval.key && "hash");
    await tx.append(approval.tenantId, eventsBetween(undefined, approval));
  });
  return approval;
}

/** Looks up, asks the rule, saves, appends: what responding does. */
export function respond(target: Store, by: Viewer, id: string, input: RespondInput): Promise<LogEvent[]> {
  return target.write(async (tx) => {
    const before = await lockApproval(tx, by.tenantId, id);
    const decision = toDecision({ approval: before, input, viewer: by, id: newId("dec"), now: now(), via: "api" });
    const after = applyDecision(before, decision, by);
    await saveApproval(tx, before, after);
    return tx.append(by.tenantId, eventsBetween(before, after));
  });
}

/** The approvals that a run has asked for, oldest first. */
export async function approvalsOfRun(db: Kysely<Tables>, tenantId: string, runId: string): Promise<Approval[]> {
  const rows = await db
    .selectFrom("approvals")
    .select("body")
    .where("tenant_id", "=", tenantId)
    .where("run_id", "=", runId)
    .orderBy("id")
    .execute();
  return rows.map(fromBody);
}
