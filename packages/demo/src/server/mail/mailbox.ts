import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { SMTPServer, type SMTPServerDataStream } from "smtp-server";
import type { MailArchive } from "./mail-archive.ts";

/** A running SMTP server that keeps what it is sent instead of passing it on. */
export interface Mailbox {
  /** Port on 127.0.0.1. */
  port: number;
  close(): Promise<void>;
}

const maxMessageBytes = 1_000_000;

/** Starts an SMTP server on a free loopback port; a message is acknowledged once `archive` has it. */
export async function startMailbox(archive: MailArchive): Promise<Mailbox> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: maxMessageBytes,
    onData(stream, _session, done) {
      receive(stream, archive).then(() => done(), done);
    },
  });
  // Connection errors end that connection only; the sender sees them and tries again.
  smtp.on("error", () => {});
  const listener = smtp.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => new Promise((resolve) => smtp.close(resolve)),
  };
}

async function receive(stream: SMTPServerDataStream, archive: MailArchive): Promise<void> {
  const raw = await buffer(stream);
  if (stream.sizeExceeded) throw new Error(`A message may have ${maxMessageBytes} bytes at most.`);
  await archive.store(raw);
}
