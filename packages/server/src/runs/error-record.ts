import { inspect } from "node:util";
import type { ErrorRecord } from "@holdpoint/core";

const longestText = 2_000;

/** What is stored and shown of something thrown, whatever that is: never the stack. */
export function errorRecord(thrown: unknown): ErrorRecord {
  try {
    if (thrown instanceof Error) return { name: storableText(thrown.name), message: storableText(thrown.message) };
    return { name: "Error", message: storableText(thrown) };
  } catch {
    return { name: "Error", message: unreadable };
  }
}

/** Something thrown, or an error in its place where it can't even be asked what it is, as a proxy that was revoked. */
export function readable(thrown: unknown): unknown {
  try {
    void (thrown instanceof Error);
    return thrown;
  } catch {
    return new Error(unreadable);
  }
}

const unreadable = "Something was thrown that can't be read.";

/** A value as text that every database takes, cut to 2,000 characters. */
export function storableText(value: unknown): string {
  const text = typeof value === "string" ? value : inspect(value);
  return text.slice(0, longestText).toWellFormed().replaceAll("\0", "");
}
