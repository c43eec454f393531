import type { Approval } from "../approval/approval.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { DecisionInput } from "../approval/decision.ts";
import type { Json } from "../json/json.ts";

/** A draft that may be edited: its subject must not be empty. */
export const email: ApprovalRequest = {
  title: "Send email to Ana Ruiz",
  action: {
    name: "send_email",
    args: { to: "ana@example.com", subject: "Your new menu" },
    schema: {
      type: "object",
      required: ["to", "subject"],
      additionalProperties: false,
      properties: { to: { type: "string" }, subject: { type: "string", minLength: 1 } },
    },
  },
  allow: ["approve", "edit", "reject"],
};

/** A question with one required field. */
export const question: ApprovalRequest = {
  kind: "question",
  title: "Which plan is the customer on?",
  form: { type: "object", required: ["plan"], properties: { plan: { type: "string", enum: ["basic", "pro"] } } },
};

/** Responses to an approval as it was seen. */
export const approve = ({ digest }: Approval): DecisionInput => ({ type: "approve", digest });
export const reject = ({ digest }: Approval, comment?: string): DecisionInput => ({ type: "reject", digest, comment });
export const edit = ({ digest }: Approval, args: Json): DecisionInput => ({ type: "edit", digest, args });
export const answer = ({ digest }: Approval, value: Json): DecisionInput => ({ type: "answer", digest, answer: value });
