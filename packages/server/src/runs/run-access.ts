import { HoldpointError, type Viewer } from "@holdpoint/core";
import type { RunRow } from "./run-record.ts";

/** All runs of a tenant, or those of one owner. */
export interface VisibleRuns {
  tenantId: string;
  ownerId?: string;
}

/** Which runs a viewer may see. */
export function visibleRuns(viewer: Viewer): VisibleRuns {
  const { tenantId, id, role } = viewer;
  return role === "admin" || role === "auditor" ? { tenantId } : { tenantId, ownerId: id };
}

/** Whether a run of the viewer's tenant is theirs to see. */
export function isVisible(viewer: Viewer, { owner_id }: RunRow): boolean {
  const { ownerId } = visibleRuns(viewer);
  return ownerId === undefined || owner_id === ownerId;
}

/** @throws {HoldpointError} `not_found` when the run doesn't exist or isn't the viewer's to see */
export function assertVisible(viewer: Viewer, id: string, run: RunRow | undefined): asserts run is RunRow {
  if (!run || !isVisible(viewer, run)) throw new HoldpointError("not_found", `There is no run ${id}.`);
}

/** @throws {HoldpointError} `forbidden` for auditors, who only look */
export function assertMayChange({ role }: Viewer): void {
  if (role === "auditor") throw new HoldpointError("forbidden", "Auditors can look at runs, not start or cancel them.");
}
