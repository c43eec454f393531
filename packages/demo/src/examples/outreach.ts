import { workflow } from "@holdpoint/server";
import { draftEmail, sendEmail } from "./email.ts";

export const outreach = workflow("outreach", { version: 1 }, async (run, input: { to: string }) => {
  const draft = await run.step("draft", () => draftEmail(input));
  const review = await run.approval("send", {
    title: `Send email to ${input.to}`,
    action: { name: "send_email", args: draft },
    allow: ["approve", "edit", "reject"],
    labels: { approve: "Send email" },
    timeout: "24h",
  });
  if (!review.approved) return { status: review.status, reason: review.reason ?? "No reason provided" };
  await run.step("send", () => sendEmail(review.args));
  return { status: "sent" };
});
