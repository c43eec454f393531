import type { ChatMessage } from "./chat-protocol.ts";
import type { Script } from "./scripted-model.ts";

/**
 * What the assistant does when there is no real model: looks the customer up, writes to them, and where that isn't
 * approved leaves it at a note.
 */
export const officeScript: Script = (messages) => {
  const task = messages.find(({ role }) => role === "user")?.content ?? "";
  const results = messages.filter(({ role }) => role === "tool").map(({ content }) => parsed(content));
  const found = results[0];
  if (found === undefined) return { calls: [{ name: "find_customer", args: { query: task } }] };
  if (!isObject(found) || typeof found.email !== "string") return { text: "I found no customer that this is about." };
  const sent = results[1];
  if (sent === undefined) {
    return { calls: [{ name: "send_email", args: { to: found.email, subject: subjectOf(task), body: task } }] };
  }
  if (!isObject(sent) || sent.status === "sent") return { text: `I wrote to ${found.name}.` };
  if (results[2] === undefined) {
    return {
      calls: [{ name: "add_note", args: { text: `Not sent to ${found.name}: ${sent.message ?? sent.error}` } }],
    };
  }
  return { text: "I did not write, and left a note instead." };
};

function subjectOf(task: string): string {
  return (task.split(/[.\n]/)[0] ?? "").slice(0, 80) || "A word from us";
}

function parsed(content: ChatMessage["content"]): unknown {
  try {
    return JSON.parse(content ?? "");
  } catch {
    return content;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
