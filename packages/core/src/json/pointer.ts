import type { Json } from "./json.ts";

/** The JSON pointer (RFC 6901) to a path of keys and indexes. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The keys and indexes of a JSON pointer. */
export function pointerPath(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The value that a JSON pointer leads to; undefined where it leads nowhere. */
export function valueAt(json: Json, pointer: string): Json | undefined {
  let value: Json | undefined = json;
  for (const key of pointerPath(pointer)) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Array.isArray(value) ? value[/^\d+$/.test(key) ? Number(key) : -1] : value[key];
  }
  return value;
}

/** A path as people write it: `content[3].url`. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, key) => {
    if (/^\d+$/.test(String(key))) return `${name}[${String(key)}]`;
    return name === "" ? String(key) : `${name}.${String(key)}`;
  }, "");
}
