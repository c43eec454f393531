import { HoldpointError, type Route, type Viewer } from "@holdpoint/core";

/** @throws {HoldpointError} `forbidden` when the route isn't for this viewer's role */
export function assertRole(viewer: Viewer, { roles }: Pick<Route, "roles">): void {
  if (roles === undefined || roles.includes(viewer.role)) return;
  throw new HoldpointError("forbidden", `Your role (${viewer.role}) can't do this; it takes ${roles.join(" or ")}.`);
}
