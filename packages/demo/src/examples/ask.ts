import { createClient } from "@holdpoint/client";

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
