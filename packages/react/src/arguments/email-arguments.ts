import type { Json, JsonObject } from "@holdpoint/core";
import type { Email } from "../blocks/email-view.tsx";
import { objectOf } from "./argument-value.ts";

/** Arguments that are an email, and what they say besides. */
export interface EmailArguments {
  email: Email;
  rest: JsonObject;
}

/** Arguments with `to`, `subject` and `body` of the right types are shown as the email they will send. */
export function emailArguments(args: Json): EmailArguments | undefined {
  const { from, to, cc, subject, body, ...rest } = objectOf(args) ?? {};
  if (!isAddress(to) || typeof subject !== "string" || typeof body !== "string") return undefined;
  if (from !== undefined && typeof from !== "string") return undefined;
  if (cc !== undefined && !isAddress(cc)) return undefined;
  return { email: { from, to, cc, subject, body }, rest };
}

function isAddress(value: Json | undefined): value is string | string[] {
  return typeof value === "string" || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}
