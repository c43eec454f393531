import { type ErrorBody, HoldpointError, type Json } from "@holdpoint/core";

/** What {@link requestJson} takes. */
export interface JsonRequest {
  method?: "GET" | "POST";
  body?: Json;
  token?: string;
  signal?: AbortSignal;
}

/**
 * Calls one of the demo's own routes.
 *
 * @throws {HoldpointError} with the code that the server gave, or `unavailable` when it gave none
 */
export async function requestJson<Answer>(path: string, request: JsonRequest = {}): Promise<Answer> {
  const { method = "GET", body, token, signal } = request;
  const response = await fetch(path, {
    method,
    signal,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new HoldpointError("unavailable", "The server can't be reached.");
  });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as Answer;
}

async function refusal(response: Response): Promise<HoldpointError> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (!isErrorBody(answer)) return new HoldpointError("unavailable", `The server answered ${response.status}.`);
  return new HoldpointError(answer.error.code, answer.error.message, answer.error.details);
}

function isErrorBody(answer: unknown): answer is ErrorBody {
  return typeof answer === "object" && answer !== null && "error" in answer;
}
