import { sql } from "kysely";

/** Values that go together, as columns. */
export type JoinedRow = (string | number | null)[];

/** Rows for a statement to join with as `joined`; their columns are called column1, column2 ... on both engines. */
export function joinedRows(rows: readonly JoinedRow[]) {
  return sql`(values ${valuesOf(rows)})`.as("joined");
}

/** Rows in the form that follows `values`. */
export function valuesOf(rows: readonly JoinedRow[]) {
  return sql.join(rows.map((row) => sql`(${sql.join(row)})`));
}
