import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime, { type Address } from "postal-mime";
import type { SentMail } from "../../acme-api.ts";

/** Messages as they came over SMTP, one `.eml` file each. */
export interface MailArchive {
  /** Keeps a raw message; one that was stored under the same Message-ID before is not stored again. */
  store(raw: Buffer): Promise<void>;
  /** What people of a mail domain sent, newest first. */
  sentFrom(domain: string): Promise<SentMail[]>;
}

/** Opens the archive in `folder`, which is made when it isn't there. */
export async function openMailArchive(folder: string): Promise<MailArchive> {
  await mkdir(folder, { recursive: true });
  return {
    store: (raw) => store(folder, raw),
    async sentFrom(domain) {
      const mails = await Promise.all((await messageFiles(folder)).map((file) => readMail(folder, file)));
      return mails
        .filter((mail) => mail.from.endsWith(`@${domain}`) || mail.from.endsWith(`@${domain}>`))
        .sort((a, b) => b.receivedAt.localeCompare(a.receivedAt));
    },
  };
}

async function messageFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith(".eml"));
}

/** Written beside its place and moved there, so that a reader never sees half a message. */
async function store(folder: string, raw: Buffer): Promise<void> {
  const { messageId } = await PostalMime.parse(raw);
  const name = createHash("sha256")
    .update(messageId ?? raw)
    .digest("hex")
    .slice(0, 32);
  const path = join(folder, `${name}.eml`);
  if (await exists(path)) return;
  const draft = join(folder, `${randomUUID()}.tmp`);
  await writeFile(draft, raw);
  await rename(draft, path);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function readMail(folder: string, file: string): Promise<SentMail> {
  const path = join(folder, file);
  const [raw, { mtime }] = await Promise.all([readFile(path), stat(path)]);
  const { from, to, subject, text } = await PostalMime.parse(raw);
  return {
    id: file.replace(/\.eml$/, ""),
    from: from ? addressText(from) : "",
    to: (to ?? []).map(addressText),
    subject: subject ?? "",
    text: (text ?? "").trimEnd(),
    receivedAt: mtime.toISOString(),
  };
}

function addressText({ name, address = "" }: Address): string {
  return name ? `${name} <${address}>` : address;
}
