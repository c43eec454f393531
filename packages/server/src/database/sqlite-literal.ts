import type { CompiledQuery } from "kysely";

type Statement = Pick<CompiledQuery, "sql" | "parameters">;

/** Longer texts are better bound: SQLite limits how long a statement's text may be. */
const maxText = 100_000;

/** Whether a value can be written in SQLite's SQL; all others can only be bound. */
export function hasLiteral(value: unknown): boolean {
  switch (typeof value) {
    case "undefined":
      return true;
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0);
    case "string":
      return isPlainText(value);
    default:
      return value === null;
  }
}

/** A value that {@link hasLiteral} as it is written in SQLite's SQL. */
export function sqliteLiteral(value: unknown): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  return typeof value === "number" ? String(value) : "null";
}

/** Whether the values of a statement can be written into it. */
export function takesLiterals({ sql, parameters }: Statement): boolean {
  // Another question mark than those of the parameters stands in a text of the statement's own.
  return sql.split("?").length === parameters.length + 1 && parameters.every(hasLiteral);
}

/** A statement that {@link takesLiterals} with its values written into it. */
export function withLiterals({ sql, parameters }: Statement): string {
  const [first = "", ...pieces] = sql.split("?");
  return pieces.reduce((text, piece, i) => text + sqliteLiteral(parameters[i]) + piece, first);
}

/** SQL ends at a NUL, and half a surrogate pair has no UTF-8. */
function isPlainText(text: string): boolean {
  return text.length <= maxText && !text.includes("\0") && text.isWellFormed();
}
