import { HoldpointError } from "@holdpoint/core";

/** Where a database is. */
export type DatabaseLocation =
  | { engine: "sqlite"; filename: string; memory: boolean }
  | { engine: "postgres"; connectionString: string };

/**
 * Reads `sqlite:./file.db`, `sqlite::memory:` or `postgres://user:password@host:5432/name`.
 *
 * @throws {HoldpointError} `invalid_request` for any other; the message shows no password
 */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  const filename = /^sqlite:(.+)$/s.exec(url)?.[1];
  if (filename !== undefined) return { engine: "sqlite", filename, memory: filename === ":memory:" };
  if (/^postgres(?:ql)?:/.test(url) && URL.canParse(url)) return { engine: "postgres", connectionString: url };
  throw new HoldpointError(
    "invalid_request",
    `"${maskPassword(url)}" is not a database URL; write "sqlite:./holdpoint.db" or "postgres://user:password@host:5432/name".`,
  );
}

/** The URL as it may be shown: without password and parameters. */
export function maskPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^/?#]*?):[^/?#]*@/s, "$1:***@").replace(/\?.*$/s, "");
}
