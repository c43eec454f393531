import { NonRetriableError, timeouts, type Workflow, workflow } from "@holdpoint/core";
import { z } from "zod";
import { senderAddress } from "../companies.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Customers } from "../records/customers.ts";

/** What starting an escalation run takes. */
export const escalationInput = z.strictObject({
  customerId: z.string().min(1, "Choose a customer."),
  amount: z.coerce.number("Say how much.").positive("Say how much.").max(100_000),
  reason: z.string().trim().min(1, "Say why.").max(500),
});

/** How an escalation run ends. */
export interface EscalationResult {
  status: "approved" | "rejected" | "timed_out" | "cancelled";
  action: "refunded" | "not_refunded";
  reason?: string;
  /** Whether the second reviewers had to be asked. */
  escalated: boolean;
}

const euros = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

/** Asks sales about a refund; when they don't answer within four hours legal is asked too, and has a day of its own. */
export function escalation(tools: {
  customers: Customers;
  mailer: Mailer;
}): Workflow<z.infer<typeof escalationInput>, EscalationResult> {
  return workflow("escalation", { version: 1, input: escalationInput }, async (run, { customerId, amount, reason }) => {
    const customer = await run.step("load customer", () => {
      const found = tools.customers.find(run.tenantId, customerId);
      if (!found) throw new NonRetriableError(`There is no customer ${customerId}.`);
      return found;
    });
    const review = await run.approval("refund", {
      title: `Refund ${euros.format(amount)} to ${customer.name}`,
      requestedBy: run.owner && { ...run.owner, kind: "user" },
      action: { name: "refund.create", args: { customerId, amount, currency: "EUR" } },
      content: [{ type: "text", title: "Reason given", text: reason }],
      labels: { approve: "Refund" },
      risk: "high",
      reviewers: { groups: ["sales"] },
      ...timeouts.escalate("4h", { groups: ["legal"], wait: "24h" }),
    });
    const { escalated } = review;
    if (!review.approved) {
      const status = review.status === "timed_out" || review.status === "cancelled" ? review.status : "rejected";
      return { status, action: "not_refunded", ...(review.reason && { reason: review.reason }), escalated };
    }
    await run.step("tell customer", ({ idempotencyKey }) =>
      tools.mailer.send(
        {
          from: senderAddress(run.tenantId, undefined),
          to: customer.email,
          subject: `Your refund of ${euros.format(amount)}`,
          body: `We have refunded ${euros.format(amount)}.`,
        },
        idempotencyKey,
      ),
    );
    return { status: "approved", action: "refunded", escalated };
  });
}
