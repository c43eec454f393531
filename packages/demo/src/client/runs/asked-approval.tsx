import { ApprovalCard } from "@holdpoint/react";
import { type ReactElement, useState } from "react";

/** What a gate asks, to be decided here; folded when it had been decided before one came here. */
export function AskedApproval({ approvalId, waiting }: { approvalId: string; waiting: boolean }): ReactElement {
  const [open] = useState(waiting);
  return (
    <details className="asked" open={open}>
      <summary>{waiting ? "What is asked" : "What was asked"}</summary>
      <ApprovalCard approvalId={approvalId} />
    </details>
  );
}
