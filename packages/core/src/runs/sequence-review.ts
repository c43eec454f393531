import type { Json, JsonObject, JsonSchema } from "../json/json.ts";
import { jsonSchemaErrors } from "../json/json-schema-errors.ts";
import { clippedTitle } from "./clipped-title.ts";
import type { SequenceStep } from "./sequence.ts";
import type { GateRequest } from "./workflow.ts";

/** A step that was made and is to be reviewed. */
export interface ReviewedStep {
  sequence: string;
  step: SequenceStep;
  input: unknown;
  /** What the steps before gave. */
  outputs: Readonly<Record<string, unknown>>;
  output: Json;
}

/**
 * What the reviewer of a step is asked. All of the output is shown: what can be edited as the arguments of an action, an
 * email read as an email; the rest as content.
 */
export function reviewRequest(made: ReviewedStep): GateRequest<Json> {
  const { sequence, step, input, outputs, output } = made;
  const { approveLabel, approvers, selfApproval = true, request } = step.next?.conditions ?? {};
  const shown = isEmail(made) ? emailRequest(made, made.output) : isText(made) ? textRequest(made) : shownRequest(made);
  const more = request?.(output, input, outputs);
  const content = [...(shown.content ?? []), ...(more?.content ?? [])];
  return {
    ...shown,
    ...(approveLabel !== undefined && { labels: { approve: approveLabel } }),
    ...(approvers && { reviewers: { users: approvers.map(({ userId }) => userId) } }),
    selfApproval,
    tags: [sequence],
    ...more,
    ...(content.length > 0 && { content }),
  };
}

/** The output with what the reviewer changed. */
export function afterReview(made: ReviewedStep, args: Json): Json {
  if (isEmail(made)) return { ...(made.output as JsonObject), ...(args as JsonObject) };
  return isText(made) ? ((args as JsonObject).text ?? "") : made.output;
}

/** What isn't an email as people write one, such as one without a text, is shown, but is nothing to edit. */
function isEmail(made: ReviewedStep): made is ReviewedStep & { output: JsonObject } {
  const { step, output } = made;
  if (step.type !== "email" || typeof output !== "object" || output === null || Array.isArray(output)) return false;
  const { email } = emailOf(output);
  return jsonSchemaErrors(emailSchema(email), email).length === 0;
}

function isText({ step, output }: ReviewedStep): boolean {
  return (
    step.type === "text" && typeof output === "string" && jsonSchemaErrors(textSchema, { text: output }).length === 0
  );
}

function emailRequest({ sequence, step }: ReviewedStep, output: JsonObject): GateRequest<Json> {
  const { email, rest } = emailOf(output);
  const to = [email.to ?? []].flat().join(", ");
  return {
    title: clippedTitle(to === "" ? `Email: ${email.subject ?? step.name}` : `Email to ${to}`),
    action: { name: actionName(sequence, step), args: email, schema: emailSchema(email) },
    allow: ["approve", "edit", "reject"],
    ...(Object.keys(rest).length > 0 && { content: [{ type: "json", title: "Also made by this step", value: rest }] }),
  };
}

function textRequest({ sequence, step, output }: ReviewedStep): GateRequest<Json> {
  return {
    title: titleOf(sequence, step),
    action: { name: actionName(sequence, step), args: { text: output }, schema: textSchema },
    allow: ["approve", "edit", "reject"],
  };
}

function shownRequest({ sequence, step, output }: ReviewedStep): GateRequest<Json> {
  const title = titleOf(sequence, step);
  return typeof output === "string" && output.length <= longestText
    ? { title, content: [{ type: "text", text: output }] }
    : { title, content: [{ type: "json", value: output ?? null }] };
}

function titleOf(sequence: string, step: SequenceStep): string {
  return clippedTitle(`Review “${step.name}” of ${sequence}`);
}

function actionName(sequence: string, step: SequenceStep): string {
  return `${sequence}.${step.name}`;
}

/** Of a text in a content block, and of one to edit. */
const longestText = 100_000;

const oneLine = "^[^\\r\\n]*$";

/** The fields of an email, in the order in which they are read. */
const emailFields: Record<string, { title: string; readOnly?: true } & JsonSchema> = {
  from: { title: "From", readOnly: true },
  to: { title: "To", pattern: "^[^\\r\\n]*[^\\s@<]@[^\\s@>]+>?$" },
  cc: { title: "Cc", pattern: oneLine },
  subject: { title: "Subject", minLength: 1, maxLength: 1_000, pattern: oneLine },
  body: { title: "Body", minLength: 1, maxLength: longestText, format: "textarea" },
};

function emailOf(output: JsonObject): { email: JsonObject; rest: JsonObject } {
  const email: JsonObject = {};
  const rest: JsonObject = {};
  for (const [field, value] of Object.entries(output))
    (Object.hasOwn(emailFields, field) ? email : rest)[field] = value;
  return { email, rest };
}

/** Everything may be edited but who it comes from; what has more than one address keeps being a list. */
function emailSchema(email: JsonObject): JsonSchema {
  const present = Object.entries(emailFields).filter(([field]) => Object.hasOwn(email, field));
  const properties = present.map(([field, { title, readOnly, ...item }]): [string, JsonSchema] => {
    const named: JsonSchema = readOnly === undefined ? { title } : { title, readOnly };
    const text: JsonSchema = { type: "string", ...item };
    return [field, Array.isArray(email[field]) ? { ...named, type: "array", items: text } : { ...named, ...text }];
  });
  return {
    type: "object",
    required: present.map(([field]) => field),
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

const textSchema: JsonSchema = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { title: "Text", type: "string", minLength: 1, maxLength: longestText, format: "textarea" } },
};
