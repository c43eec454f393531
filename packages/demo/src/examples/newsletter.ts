import type { Client } from "@holdpoint/client";
import { type Approval, type SequenceContext, sequence, timeouts } from "@holdpoint/core";

/** Its text waits for ever; after two days without a word about who gets it, the editors are asked too. */
export const newsletter = sequence("newsletter", [
  {
    name: "text",
    type: "text",
    run: ({ input }: SequenceContext<{ topic: string }>) => `All about ${input.topic}.`,
    next: { conditions: { approvalRequired: true } },
  },
  {
    name: "readers",
    run: () => ({ list: "customers", count: 1_240 }),
    next: {
      conditions: {
        approvalRequired: true,
        request: () => timeouts.escalate("48h", { groups: ["editors"] }),
      },
    },
  },
  { name: "send", run: ({ outputs }) => ({ sent: outputs.text as string }) },
]);

/** What has waited for two days or longer, for whoever watches. */
export async function staleNewsletters({ approvals }: Client): Promise<Approval[]> {
  return (await approvals.list({ tag: "newsletter", stale: "48h" })).items;
}
