import { ApprovalCard, useApprovals } from "@holdpoint/react";
import type { ReactElement } from "react";

/** The one approval of the story's server, by its id. */
export function OnlyApproval(): ReactElement | null {
  const [approval] = useApprovals({ status: ["pending"] }).items;
  return approval ? <ApprovalCard approvalId={approval.id} /> : null;
}
