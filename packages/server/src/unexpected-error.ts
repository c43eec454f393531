import { HoldpointError } from "@holdpoint/core";
import type { Context } from "./context.ts";
import { isOutage } from "./database/outage.ts";

/** Logs what nobody foresaw, and gives the error that callers get instead: it tells them nothing but where to look. */
export function unexpectedError({ logger, newId }: Context, error: unknown, doing: string): HoldpointError {
  const id = newId("err");
  logger.error({ err: error, id, doing }, "unexpected error");
  if (isOutage(error)) {
    return new HoldpointError("unavailable", `The database can't be reached; the server's log says more under ${id}.`);
  }
  return new HoldpointError(
    "internal",
    `Something went wrong on the server; its log says more under ${id}. Try again.`,
  );
}
