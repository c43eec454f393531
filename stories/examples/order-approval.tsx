import { ApprovalCard } from "@holdpoint/react";

/** The approval that an order waits for, among the other facts about the order. */
export function OrderApproval({ approvalId }: { approvalId: string }) {
  return <ApprovalCard approvalId={approvalId} variant="inline" />;
}
