import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openMailArchive } from "./mail-archive.ts";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import { createMailer, type Mailer } from "./mailer.ts";

let folder: string;
let mailbox: Mailbox;
let mailer: Mailer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acme-mail-"));
  mailbox = await startMailbox(await openMailArchive(folder));
  mailer = createMailer(mailbox.port);
});

afterEach(async () => {
  mailer.close();
  await mailbox.close();
  await rm(folder, { recursive: true });
});

const letter = {
  from: "Mia Stone <mia@acme.example>",
  to: "Ana Ruiz <ana@casaolmo.example>",
  subject: "Größe & Preis: 5 €",
  body: "Hi Ana,\n\n.starts with a dot, goes on.\n\nMia",
};

test("a sent message is read back as it was written, also by an archive opened later", async () => {
  await mailer.send(letter, "run_1:send");
  const [mail, ...others] = await (await openMailArchive(folder)).sentFrom("acme.example");
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ from: letter.from, to: [letter.to], subject: letter.subject, text: letter.body });
});

test("of messages with the same idempotency key the first one stays", async () => {
  await mailer.send(letter, "run_1:send");
  await mailer.send({ ...letter, body: "The same again, worded differently." }, "run_1:send");
  expect(await (await openMailArchive(folder)).sentFrom("acme.example")).toMatchObject([{ text: letter.body }]);
  await mailer.send(letter, "run_2:send");
  expect(await (await openMailArchive(folder)).sentFrom("acme.example")).toHaveLength(2);
});

test("each mail domain has its own messages, also when another's name ends like it", async () => {
  await mailer.send(letter, "run_1:send");
  await mailer.send({ ...letter, from: "eve@notacme.example" }, "run_2:send");
  const archive = await openMailArchive(folder);
  expect(await archive.sentFrom("globex.example")).toEqual([]);
  expect((await archive.sentFrom("acme.example")).map((mail) => mail.from)).toEqual([letter.from]);
});

test("a line break in a subject does not make another header", async () => {
  await mailer.send({ ...letter, subject: "Hello\r\nBcc: eve@evil.example" }, "run_1:send");
  const [mail] = await (await openMailArchive(folder)).sentFrom("acme.example");
  expect(mail?.subject).toBe("Hello Bcc: eve@evil.example");
});

test("a message over the size limit is refused to its sender", async () => {
  await expect(mailer.send({ ...letter, body: "x".repeat(1_100_000) }, "run_1:send")).rejects.toThrow();
  expect(await (await openMailArchive(folder)).sentFrom("acme.example")).toEqual([]);
});
