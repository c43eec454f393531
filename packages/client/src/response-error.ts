import { type ErrorBody, type ErrorCode, errorStatus, HoldpointError } from "@holdpoint/core";

/** The error for a request that got no answer at all. */
export function unreachable(cause: unknown): HoldpointError {
  const error = new HoldpointError("unavailable", "The server could not be reached; check the network and try again.");
  return Object.assign(error, { cause });
}

/** The error that a failed answer carries; one that isn't ours (a proxy's page) by its status. */
export async function answerError(answer: Response): Promise<HoldpointError> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (isErrorBody(body)) return new HoldpointError(body.error.code, body.error.message, body.error.details);
  return new HoldpointError(codeOf(answer.status), `The server answered ${answer.status} ${answer.statusText}.`.trim());
}

/** Whatever was thrown, as one of our errors. */
export function asHoldpointError(thrown: unknown): HoldpointError {
  if (thrown instanceof HoldpointError) return thrown;
  const error = new HoldpointError("internal", "Something went wrong on this side; try again.");
  return Object.assign(error, { cause: thrown });
}

/** Whether the same request may succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  return error instanceof HoldpointError && error.code === "unavailable";
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  return typeof error === "object" && error !== null && "code" in error && isCode(error.code) && "message" in error;
}

function isCode(code: unknown): code is ErrorCode {
  return typeof code === "string" && Object.hasOwn(errorStatus, code);
}

/** The first code with this status; the gateway's errors are the server's absence. */
function codeOf(status: number): ErrorCode {
  const known = Object.entries(errorStatus).find(([, one]) => one === status);
  if (known && isCode(known[0])) return known[0];
  return status >= 502 && status <= 504 ? "unavailable" : status >= 500 ? "internal" : "invalid_request";
}
