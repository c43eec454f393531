import { systemPerson, type Viewer } from "@holdpoint/core";

/** The tenant of hosts that have only one. */
export const defaultTenant = "default";

/** The host itself, calling in process. */
export const systemViewer: Viewer = {
  ...systemPerson,
  tenantId: defaultTenant,
  groups: [],
  role: "admin",
  kind: "service",
};
