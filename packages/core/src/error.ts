import type { Json } from "./json/json.ts";

/** Every error code and the HTTP status it travels with. */
export const errorStatus = {
  unauthenticated: 401,
  forbidden: 403,
  not_a_reviewer: 403,
  self_approval: 403,
  not_found: 404,
  already_resolved: 409,
  digest_mismatch: 409,
  idempotency_conflict: 409,
  already_consumed: 409,
  already_claimed: 409,
  payload_too_large: 413,
  invalid_request: 422,
  decision_not_allowed: 422,
  invalid_args: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

/** What went wrong, the same in core, on the wire and in the client. */
export type ErrorCode = keyof typeof errorStatus;

/** One thing wrong with an input; `pointer` is a JSON pointer (RFC 6901) into it, `""` for the whole. */
export interface FieldError {
  pointer: string;
  message: string;
}

/** The body of an error answer. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; details?: Json };
}

/** The one error class. The message says what happened and what to do, and never carries a secret. */
export class HoldpointError extends Error {
  override readonly name = "HoldpointError";
  readonly code: ErrorCode;
  readonly details?: Json;

  constructor(code: ErrorCode, message: string, details?: Json) {
    super(message);
    this.code = code;
    if (details !== undefined) this.details = details;
  }

  /** HTTP status of the code. */
  get status(): number {
    return errorStatus[this.code];
  }

  /** What is wrong with each field, for `invalid_request` and `invalid_args`; otherwise empty. */
  get fieldErrors(): readonly FieldError[] {
    if (this.code !== "invalid_request" && this.code !== "invalid_args") return [];
    const details: unknown[] = Array.isArray(this.details) ? this.details : [];
    return details.filter(isFieldError);
  }

  /** The error as it goes over the wire. */
  toJSON(): ErrorBody {
    const { code, message, details } = this;
    return { error: details === undefined ? { code, message } : { code, message, details } };
  }
}

function isFieldError(detail: unknown): detail is FieldError {
  if (typeof detail !== "object" || detail === null || !("pointer" in detail && "message" in detail)) return false;
  return typeof detail.pointer === "string" && typeof detail.message === "string";
}
