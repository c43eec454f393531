/** Connections that can't be made or were cut, by Node's error codes. */
const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
]);

/** SQLSTATE: connection exceptions, too few resources, shutting down or starting up. */
const sqlStates = /^(?:08|53|57P0)/;

/** Result codes of a SQLite that can't write: locked by somebody else, disk full, disk broken. */
const sqliteCodes = /^SQLITE_(?:BUSY|FULL|IOERR)/;

/** What `pg` says without a code. */
const messages = /^(?:Connection terminated|timeout exceeded when trying to connect)/;

/** Whether an error means that the database is away for now, as opposed to a mistake of ours. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return networkCodes.has(code) || sqlStates.test(code) || sqliteCodes.test(code) || messages.test(error.message);
}
