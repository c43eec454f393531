import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";

/**
 * The canonical text of a JSON value (RFC 8785): equal values have equal texts, whatever the order of their fields.
 * Fields that are undefined count as absent.
 *
 * @throws {Error} for what JSON can't carry: NaN, infinities, half surrogate pairs, cycles
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("A value without a JSON form has no canonical text.");
  return text;
}

/** SHA-256 of a text's UTF-8 bytes, in lower-case hex. Synchronous, and the same in a browser. */
export function sha256Hex(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
