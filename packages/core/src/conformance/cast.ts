import type { Role, Viewer } from "../viewer.ts";
import type { ConformanceHarness, ConformingApprovals } from "./case.ts";

/** The approvals of one tenant, as each of these people sees them. */
export interface Cast {
  /** An agent's service: asks, never decides. */
  agent: ConformingApprovals;
  /** Reviewers; Ana and Bo are in the group "legal", Cy in none. */
  ana: ConformingApprovals;
  bo: ConformingApprovals;
  cy: ConformingApprovals;
  auditor: ConformingApprovals;
  admin: ConformingApprovals;
  /** An admin of another tenant. */
  outsider: ConformingApprovals;
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
