import { ApprovalCard } from "@holdpoint/react";

/** A card put together from its parts: title and deadline, what will be done, and the buttons. */
export function ShortCard({ approvalId }: { approvalId: string }) {
  return (
    <ApprovalCard approvalId={approvalId}>
      <ApprovalCard.Body>
        <ApprovalCard.Title />
        <ApprovalCard.Deadline />
        <ApprovalCard.Outcome />
        <ApprovalCard.Action />
      </ApprovalCard.Body>
      <ApprovalCard.Footer>
        <ApprovalCard.Error />
        <ApprovalCard.Actions />
      </ApprovalCard.Footer>
    </ApprovalCard>
  );
}
