import type { Approvals } from "../approvals.ts";
import type { Role, Viewer } from "../viewer.ts";
import type { ConformanceHarness } from "./case.ts";

/** The approvals of one tenant, as each of these people sees them. */
export interface Cast {
  /** An agent's service: asks, never decides. */
  agent: Approvals;
  /** Reviewers; Ana and Bo are in the group "legal", Cy in none. */
  ana: Approvals;
  bo: Approvals;
  cy: Approvals;
  auditor: Approvals;
  admin: Approvals;
  /** An admin of another tenant. */
  outsider: Approvals;
}

/** People in a tenant that nobody has used before. */
export async function cast(harness: ConformanceHarness): Promise<Cast> {
  const tenantId = `tenant-${crypto.randomUUID()}`;
  const actor = async (id: string, role: Role, groups: string[] = [], tenant = tenantId) =>
    harness.as(person(id, role, groups, tenant));
  return {
    agent: await actor("agent", "requester"),
    ana: await actor("ana", "reviewer", ["legal"]),
    bo: await actor("bo", "reviewer", ["legal"]),
    cy: await actor("cy", "reviewer"),
    auditor: await actor("auditor", "auditor"),
    admin: await actor("admin", "admin"),
    outsider: await actor("outsider", "admin", [], `${tenantId}-other`),
  };
}

function person(id: string, role: Role, groups: string[], tenantId: string): Viewer {
  return { id, name: `${id[0]?.toUpperCase()}${id.slice(1)}`, role, groups, tenantId };
}
