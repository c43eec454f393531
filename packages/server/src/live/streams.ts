import type { Approval, Viewer } from "@holdpoint/core";
import { audienceOf, visibilityOf } from "../store/audience.ts";

/** The stream of those who may see everything. */
const everything = "all";

/**
 * The streams that carry what a viewer may see: every reviewer's, those of their groups and their own; for a requester
 * only what they asked for; for auditors and admins the one with everything.
 */
export function streamsOf(viewer: Viewer): string[] {
  const visibility = visibilityOf(viewer);
  return visibility === "all" ? [everything] : visibility.subjects;
}

/** The streams that an approval's changes go to. */
export function streamsFor(approval: Approval): string[] {
  return [everything, ...audienceOf(approval).keys()];
}

/** What tells viewers apart who see the same: equal for those that all reads can be shared between. */
export function viewClass(viewer: Viewer): string {
  return JSON.stringify([viewer.role, viewer.id, [...viewer.groups].sort()]);
}
