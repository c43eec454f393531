import { type Json, jsonProblem } from "@holdpoint/core";
import { storableText } from "./error-record.ts";

/** What is recorded of a handler's log line, which need not be JSON: a line in the log is no reason for a run to fail. */
export function logEntry(message: unknown, data: unknown): Json {
  const entry = { message: storableText(message) };
  return data === undefined ? entry : { ...entry, data: jsonOrText(data) };
}

/** A copy, so that what becomes of the value later doesn't matter. */
function jsonOrText(data: unknown): Json {
  return jsonProblem(data) ? storableText(data) : (JSON.parse(JSON.stringify(data)) as Json);
}
