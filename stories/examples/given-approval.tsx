import type { Approval, DecisionInput } from "@holdpoint/core";
import { ApprovalCard } from "@holdpoint/react";

/** A card without a provider: the host holds the approval and carries the response itself. */
export function GivenApproval({ approval }: { approval: Approval }) {
  return <ApprovalCard approval={approval} onRespond={(response) => respond(approval.id, response)} />;
}

async function respond(id: string, response: DecisionInput): Promise<Approval> {
  const answer = await fetch(`/api/approvals/${id}/respond`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(response),
  });
  if (!answer.ok) throw new Error("The response was not recorded; try again.");
  return answer.json();
}
