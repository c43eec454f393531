import { createClient } from "@holdpoint/client";
import type { Approval } from "@holdpoint/core";

/** Asks from any program: no run of ours waits, the caller does. */
export async function askToRefund(url: string, token: string): Promise<string> {
  const { approvals } = createClient({ url, getToken: () => token });
  const { id } = await approvals.request({
    key: "refund-48213",
    title: "Refund order 48213 for €1,240.00",
    action: { name: "refund.create", args: { order: 48213, amount: 1240 } },
    risk: "high",
    reviewers: { groups: ["support"], quorum: 1 },
    timeout: "4h",
  });
  let approval = await approvals.get(id);
  while (approval.status === "pending") approval = await approvals.wait(id, { timeout: 30 });
  return approval.status;
}

/** Answers over plain HTTP; who the token belongs to and the reason are recorded. */
export async function respondToRefund(url: string, token: string, approvalId: string): Promise<Approval> {
  const response = await fetch(`${url}/approvals/${approvalId}/respond`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ approved: false, reason: "It was refunded last week." }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Approval;
}
