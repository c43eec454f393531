import { inspect } from "node:util";
import type { ErrorRecord } from "@holdpoint/core";

const longestMessage = 2_000;

/** What is stored and shown of something thrown: never the stack, and only text that every database takes. */
export function errorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof Error) return { name: storable(thrown.name), message: storable(thrown.message) };
  return { name: "Error", message: storable(typeof thrown === "string" ? thrown : inspect(thrown)) };
}

function storable(text: string): string {
  return text.slice(0, longestMessage).toWellFormed().replaceAll("\0", "");
}
