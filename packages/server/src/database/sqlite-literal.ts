import type { CompiledQuery } from "kysely";

/** Longer texts are better bound: SQLite limits how long a statement's text may be. */
const maxText = 100_000;

/** A value as it is written in SQLite's SQL; undefined for what can only be bound. */
export function sqliteLiteral(value: unknown): string | undefined {
  switch (typeof value) {
    case "undefined":
      return "null";
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : undefined;
    case "string":
      return isPlainText(value) ? `'${value.replaceAll("'", "''")}'` : undefined;
    default:
      return value === null ? "null" : undefined;
  }
}

/** A statement with its values written into it; undefined when one of them can only be bound. */
export function withLiterals({ sql, parameters }: Pick<CompiledQuery, "sql" | "parameters">): string | undefined {
  const [first = "", ...pieces] = sql.split("?");
  // Another question mark than those of the parameters stands in a text of the statement's own.
  if (pieces.length !== parameters.length) return undefined;
  let text = first;
  for (const [i, piece] of pieces.entries()) {
    const literal = sqliteLiteral(parameters[i]);
    if (literal === undefined) return undefined;
    text += literal + piece;
  }
  return text;
}

/** SQL ends at a NUL, and half a surrogate pair has no UTF-8. */
function isPlainText(text: string): boolean {
  return text.length <= maxText && !text.includes("\0") && text.isWellFormed();
}
