import { type RawBuilder, sql } from "kysely";

/** The databases we run on. */
export type EngineName = "sqlite" | "postgres";

/** What the databases disagree on when tables are made. */
export interface Engine {
  readonly name: EngineName;
  /** Column type of text that compares byte by byte. */
  readonly text: RawBuilder<unknown>;
  /** Column type of whole numbers up to 2^53. */
  readonly integer: RawBuilder<unknown>;
  /** Ends the definition of a table that is kept in the order of its primary key, where the engine can do so. */
  readonly clustered: RawBuilder<unknown>;
}

/** Both engines by name. */
export const engines: Record<EngineName, Engine> = {
  sqlite: { name: "sqlite", text: sql`text`, integer: sql`integer`, clustered: sql`without rowid` },
  postgres: { name: "postgres", text: sql`text collate "C"`, integer: sql`bigint`, clustered: sql`` },
};
