import { clippedTitle, type Workflow, workflow } from "@holdpoint/core";
import { z } from "zod";
import { companyOf, senderAddress } from "../companies.ts";
import type { Drafter } from "../drafts/draft.ts";
import { mailForm } from "../mail/mail-form.ts";
import type { Mailer, OutgoingMail } from "../mail/mailer.ts";

/** What starting an email-approval run takes. */
export const emailApprovalInput = z.strictObject({
  name: z.string().trim().min(1, "Say who the mail is for.").max(80),
  company: z.string().trim().min(1, "Say which company they work for.").max(80),
  email: z.email("This is not a mail address."),
  topic: z.string().trim().min(1, "Say what the mail is about.").max(500),
});

/** How an email-approval run ends. */
export type EmailApprovalResult =
  | { status: "approved"; action: "email_sent" }
  | { status: "timed_out"; action: "email_not_sent" }
  | { status: "rejected" | "cancelled"; reason: string; action: "email_not_sent" };

/**
 * Propose, ask, wait, then act or not. The proposal is made in a step, so what the reviewer sees is what is sent; what
 * the reviewer changes is what is sent instead.
 */
export function emailApproval(tools: {
  drafter: Drafter;
  mailer: Mailer;
}): Workflow<z.infer<typeof emailApprovalInput>, EmailApprovalResult> {
  return workflow("email-approval", { version: 1, input: emailApprovalInput }, async (run, input) => {
    const { name, company, email, topic } = input;
    const proposal = await run.step("propose", async ({ signal }) => {
      const draft = await tools.drafter.draft(
        { name, email, company, note: topic },
        run.owner?.name ?? companyOf(run.tenantId).name,
        signal,
      );
      return { from: senderAddress(run.tenantId, run.owner), to: `${name} <${email}>`, ...draft };
    });
    const review = await run.approval<OutgoingMail>("send email", {
      title: clippedTitle(`Email to ${name}: ${topic}`),
      requestedBy: run.owner && { ...run.owner, kind: "user" },
      action: { name: "send_email", args: proposal, schema: mailForm },
      allow: ["approve", "edit", "reject"],
      labels: { approve: "Send email" },
      timeout: "24h",
    });
    if (review.status === "timed_out") return { status: "timed_out", action: "email_not_sent" };
    if (!review.approved) {
      const status = review.status === "cancelled" ? "cancelled" : "rejected";
      return { status, reason: review.reason ?? "No reason provided", action: "email_not_sent" };
    }
    await run.step("send", ({ idempotencyKey }) => tools.mailer.send(review.args, idempotencyKey));
    return { status: "approved", action: "email_sent" };
  });
}
