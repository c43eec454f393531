import { createHash } from "node:crypto";
import { createTransport } from "nodemailer";

/** A plain text message to one person. Addresses may carry a name: `Jo <jo@acme.example>`. */
export interface OutgoingMail {
  from: string;
  to: string;
  subject: string;
  body: string;
}

/** Sends mail. */
export interface Mailer {
  /** Sends one message. The same idempotency key gives the same Message-ID, by which a mailbox knows a repetition. */
  send(mail: OutgoingMail, idempotencyKey: string): Promise<void>;
  close(): void;
}

/** A mailer that hands its messages to the SMTP server at this port of 127.0.0.1. */
export function createMailer(port: number): Mailer {
  const transport = createTransport({ host: "127.0.0.1", port, secure: false, ignoreTLS: true });
  return {
    async send({ body, ...mail }, idempotencyKey) {
      const key = createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 32);
      await transport.sendMail({ ...mail, text: body, messageId: `<${key}@acme-ops.example>` });
    },
    close: () => transport.close(),
  };
}
