import { type AwaitedEvent, canonicalJson, type Json, sha256Hex, valueAt } from "@holdpoint/core";

/** The value by which a wait is looked up: the first of its `match`, in the order of their paths. */
export interface KeyedValue {
  path: string;
  key: string;
}

/** The key of waits that match no value. */
export const noKey = "";

/** By which value a wait is looked up; undefined when it takes any event of its name. */
export function keyOf({ match = {} }: AwaitedEvent): KeyedValue | undefined {
  const [path] = Object.keys(match).sort();
  return path === undefined ? undefined : { path, key: hashOf(path, match[path] ?? null) };
}

/** The key that an event has for a path; undefined when there is nothing. */
export function keyAt(data: Json, path: string): string | undefined {
  const value = valueAt({ data }, path);
  return value === undefined ? undefined : hashOf(path, value);
}

/** Half a SHA-256: code that finds a row by it still compares the values themselves. */
function hashOf(path: string, value: Json): string {
  return sha256Hex(canonicalJson([path, value])).slice(0, 32);
}
