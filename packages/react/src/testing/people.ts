import type { Viewer } from "@holdpoint/core";

const tenantId = "acme";

/** Made-up people of one tenant, for stories and tests: `jo` is whose screen is shown, `agent` is who asks. */
export const people = {
  jo: { id: "jo", name: "Jo Brandt", tenantId, groups: ["sales", "support", "ops", "legal"], role: "reviewer" },
  kim: { id: "kim", name: "Kim Ito", tenantId, groups: ["sales", "editorial"], role: "reviewer" },
  mia: { id: "mia", name: "Mia Stone", tenantId, groups: ["support", "ops"], role: "reviewer" },
  leo: { id: "leo", name: "Leo Turner", tenantId, groups: ["ops"], role: "requester" },
  agent: { id: "agent", name: "Acme agents", tenantId, groups: [], role: "requester", kind: "service" },
  avi: { id: "avi", name: "Avi Roth", tenantId, groups: [], role: "auditor" },
} as const satisfies Record<string, Viewer>;
