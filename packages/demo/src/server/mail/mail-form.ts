import type { JsonSchema } from "@holdpoint/core";

/** What of an outgoing mail a reviewer may edit: everything but who it comes from. */
export const mailForm: JsonSchema = {
  type: "object",
  required: ["from", "to", "subject", "body"],
  additionalProperties: false,
  properties: {
    from: { title: "From", type: "string", readOnly: true },
    to: { title: "To", type: "string", pattern: "^[^\\r\\n]*[^\\s@<]+@[^\\s@>]+>?$" },
    subject: { title: "Subject", type: "string", minLength: 1, maxLength: 150, pattern: "^[^\\r\\n]*$" },
    body: { title: "Body", type: "string", minLength: 1, maxLength: 10_000, format: "textarea" },
  },
};
