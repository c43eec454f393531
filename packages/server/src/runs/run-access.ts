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

/** @throws {HoldpointError} `not_found` when the run doesn't exist or isn't the viewer's to see */
export function assertVisible(viewer: Viewer, id: string, run: RunRow | undefined): asserts run is RunRow {
  const { ownerId } = visibleRuns(viewer);
  if (!run || (ownerId !== undefined && run.owner_id !== ownerId)) {
    throw new HoldpointError("not_found", `There is no run ${id}.`);
  }
}

/** @throws {HoldpointError} `forbidden` for auditors, who only look */
export function assertMayChange({ role }: Viewer): void {
  if (role === "auditor") throw new HoldpointError("forbidden", "Auditors can look at runs, not start or cancel them.");
}
