import { sameJson } from "../approval/approval-digest.ts";
import { sha256Hex } from "../json/canonical-json.ts";
import { type Json, type JsonSchema, jsonProblem, maxJsonDepth } from "../json/json.ts";
import { schemaErrors } from "../json/json-schema-check.ts";
import { jsonSchemaErrors } from "../json/json-schema-errors.ts";
import { NonRetriableError, StepError } from "./step-error.ts";
import { argumentsFailure, type ToolFailure, toolRefusal } from "./tool-refusal.ts";
import { jsonSchemaOf, parseArguments, type ToolSchema } from "./tool-schema.ts";
import type { GateRequest, RunContext, StepContext, StepOptions } from "./workflow.ts";

/**
 * Marks a tool that calls the run by itself, as `askHuman` does. As a step it would keep the run in memory, and a worker
 * busy, for as long as it waits.
 */
export const callsRun: unique symbol = Symbol.for("holdpoint.callsRun");

/** What is known of one call of a tool. */
export interface ToolCall {
  /** The model's id of the call, unique in its turn. Calls without one are numbered. */
  toolCallId?: string;
  /** The same on every attempt; pass it to services that deduplicate. */
  idempotencyKey: string;
  /** Aborted when the run is cancelled or the worker stops. */
  abortSignal: AbortSignal;
}

/** A tool of an agent loop that passes tools as a list. */
export interface ToolDefinition {
  name: string;
  description?: string;
  schema: ToolSchema;
  /** Gives JSON. The method form lets authors say what arguments they take. */
  execute(args: unknown, call: ToolCall): unknown;
}

/** A tool as the run executes it: gated if it is listed, and recorded as a step. */
export interface GatedTool extends ToolDefinition {
  /** Never rejects: what goes wrong, and what wasn't approved, is told to the model. */
  execute(args: unknown, call?: { toolCallId?: string }): Promise<unknown>;
}

/** Tools by name, each with `inputSchema` and `execute`, as the AI SDK has them (tested with 6 and 7). */
export type ToolRecord = Record<string, { description?: unknown; inputSchema?: unknown; execute?: unknown }>;

/** A tool, as `require` and `request` are given it. */
export type ToolInfo = Pick<ToolDefinition, "name" | "description">;

/** Which calls are gated, and how they ask. */
export interface GateToolsOptions {
  /**
   * Names of tools whose every call needs an approval, or a function of a call; it must say the same on every replay.
   * `askHuman` can't be named, and the function isn't asked about it: it asks a person itself.
   */
  require: readonly string[] | ((tool: ToolInfo, args: Json) => boolean);
  /** What the approval says besides the tool and its arguments, such as reviewers, a risk or a timeout. */
  request?: (tool: ToolInfo, args: Json) => Partial<GateRequest<Json>>;
  /** How a tool's step behaves when it throws. By default it isn't tried again: the model is told and may. */
  step?: StepOptions;
}

/** `run.gateTools`: the same tools, to be given to any agent loop. */
export interface GateTools {
  (tools: readonly ToolDefinition[], options: GateToolsOptions): GatedTool[];
  <Tools extends ToolRecord>(tools: Tools, options: GateToolsOptions): Tools;
}

/** A tool in either form. */
interface AnyTool extends ToolInfo {
  schema: unknown;
  /** Whether arguments are checked here; the AI SDK has done so. */
  unchecked: boolean;
  execute(args: unknown, call: object): unknown;
}

/** The part of a run that gated tools need. */
type ToolRun = Pick<RunContext, "step" | "approval">;

/** What the gated tools of a run have in common. */
interface Gating {
  run: ToolRun;
  /** Makes a call's name unique, in the order of the calls. */
  numbered(name: string): string;
}

/**
 * Makes `run.gateTools` for an engine's context.
 *
 * Each call of a gated tool asks for an approval of its own, and what was approved, edited or not, is executed once, by
 * `review.execute`; calls of other tools are steps at once. A call that isn't approved gives the model the reason and tells it to choose
 * another approach; one that fails gives it the error. The tool of `askHuman` is given back as it is.
 *
 * @throws {TypeError} when `require` names a tool that isn't there, that has nothing to execute, or that asks by itself
 */
export function gateToolsOf(run: ToolRun): GateTools {
  const gating: Gating = { run, numbered: createNumbers() };
  function gateTools(tools: readonly ToolDefinition[], options: GateToolsOptions): GatedTool[];
  function gateTools<Tools extends ToolRecord>(tools: Tools, options: GateToolsOptions): Tools;
  function gateTools(tools: readonly ToolDefinition[] | ToolRecord, options: GateToolsOptions): unknown {
    const isList = Array.isArray as (list: unknown) => list is readonly ToolDefinition[];
    if (isList(tools)) {
      assertGateable(Object.fromEntries(tools.map((tool) => [tool.name, tool])), options);
      return tools.map((tool) =>
        callsRun in tool ? tool : { ...tool, execute: gated(gating, listed(tool), options) },
      );
    }
    assertGateable(tools, options);
    const executable = Object.entries(tools).flatMap(([name, tool]) => recorded(name, tool) ?? []);
    const gates = executable.map((tool) => [tool.name, { ...tools[tool.name], execute: gated(gating, tool, options) }]);
    return { ...tools, ...Object.fromEntries(gates) };
  }
  return gateTools;
}

function listed(tool: ToolDefinition): AnyTool {
  const { name, description, schema } = tool;
  return { name, description, schema, unchecked: true, execute: (args, call) => tool.execute(args, call as ToolCall) };
}

/** A tool without `execute` is carried out elsewhere, one that calls the run by itself. */
function recorded(name: string, tool: ToolRecord[string]): AnyTool | undefined {
  const { description, inputSchema, execute } = tool;
  if (typeof execute !== "function" || callsRun in tool) return undefined;
  return {
    name,
    ...(typeof description === "string" && { description }),
    schema: inputSchema,
    unchecked: false,
    execute: (args, call) => execute.call(tool, args, call),
  };
}

/** A name that is spelled wrong would let its tool run freely. */
function assertGateable(tools: ToolRecord, { require }: GateToolsOptions): void {
  if (typeof require === "function") return;
  for (const name of require) {
    const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
    if (typeof tool?.execute !== "function")
      throw new TypeError(`gateTools: require names "${name}", which is no tool that can be executed here.`);
    if (callsRun in tool)
      throw new TypeError(`gateTools: require names "${name}", which asks a person itself. Leave it out of require.`);
  }
}

function createNumbers(): Gating["numbered"] {
  const uses = new Map<string, number>();
  return (name) => {
    const use = (uses.get(name) ?? 0) + 1;
    uses.set(name, use);
    return use === 1 ? name : `${name}#${use}`;
  };
}

function gated({ run, numbered }: Gating, tool: AnyTool, options: GateToolsOptions) {
  return async (given: unknown, call: { toolCallId?: string } = {}): Promise<unknown> => {
    // Before anything is awaited: how long a schema takes must not decide which call has which approval.
    const name = numbered(callName(tool, call.toolCallId));
    const parsed = tool.unchecked ? await parseArguments(tool.schema, given) : { args: given };
    if ("problem" in parsed) return argumentsFailure(tool.name, parsed.problem);
    const { args } = parsed;
    const make = async (ready: unknown, { idempotencyKey, signal }: StepContext) =>
      recordable(tool, await last(tool.execute(ready, { ...call, idempotencyKey, abortSignal: signal })));
    const retries = { retries: 0, ...options.step };
    if (!isRequired(tool, args, options)) return orFailure(() => run.step(name, (step) => make(args, step), retries));
    const isSettled = await settles(tool, args);
    const shown = shownArguments(tool, isSettled ? [args, given] : [given]);
    if (shown === undefined) return argumentsFailure(tool.name, unshowable);
    // The AI SDK has made them what they are; where its schema would do so again, they are nothing to edit by it.
    const reviewed = isSettled || tool.unchecked ? tool : { ...tool, schema: undefined };
    const review = await run.approval<Json>(name, toolRequest(reviewed, shown, options));
    if (!review.approved) return toolRefusal(tool.name, review);
    const approved = sameJson(review.args, shown) ? parsed : await parseArguments(reviewed.schema, review.args);
    if ("problem" in approved) return argumentsFailure(tool.name, approved.problem);
    return orFailure(() => review.execute((_, step) => make(approved.args, step), retries));
  };
}

async function orFailure(step: () => Promise<unknown>): Promise<unknown> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof StepError) return { error: error.message } satisfies ToolFailure;
    throw error;
  }
}

/** Unique per call where the model gives ids; what isn't unique is numbered. */
function callName({ name }: ToolInfo, toolCallId: string | undefined): string {
  if (toolCallId === undefined) return name;
  return `${name} ${/^[\w.:-]{1,60}$/.test(toolCallId) ? toolCallId : sha256Hex(toolCallId).slice(0, 16)}`;
}

function isRequired(tool: ToolInfo, args: unknown, { require }: GateToolsOptions): boolean {
  return typeof require === "function" ? require(infoOf(tool), args as Json) : require.includes(tool.name);
}

/** Whether a tool's schema leaves arguments as they are: what a reviewer edits passes through it again. */
async function settles({ schema }: AnyTool, args: unknown): Promise<boolean> {
  if (args === undefined || jsonProblem(args)) return false;
  const again = await parseArguments(schema, args);
  return "args" in again && !jsonProblem(again.args) && sameJson(again.args, args);
}

/**
 * What is shown is what runs: the arguments as the tool takes them, or as the model gave them where those aren't JSON, or
 * not what the tool's schema describes to those who edit, or would be changed by it once more.
 */
function shownArguments({ schema }: AnyTool, candidates: readonly unknown[]): Json | undefined {
  const described = jsonSchemaOf(schema);
  const json = candidates.filter((args): args is Json => args !== undefined && !jsonProblem(args, deepestArguments));
  return json.find((args) => !described || describes(described, args)) ?? json[0];
}

/** Levels that arguments may nest, so that an approval can hold them as those of its action and among its content. */
const deepestArguments = maxJsonDepth - 4;

const unshowable = `they can't be shown to a reviewer: they must be plain JSON, nested no deeper than ${deepestArguments} levels`;

/** A tool may take more than its JSON Schema says, which has no flags for patterns, and a schema may be of another dialect. */
function describes(schema: JsonSchema, args: Json): boolean {
  try {
    return schemaErrors(schema).length === 0 && jsonSchemaErrors(schema, args).length === 0;
  } catch {
    return false;
  }
}

function toolRequest(tool: AnyTool, args: Json, { request }: GateToolsOptions): GateRequest<Json> {
  const described = jsonSchemaOf(tool.schema);
  const schema = described && describes(described, args) ? described : undefined;
  return {
    title: `Let the agent use “${tool.name}”?`,
    action: { name: tool.name, args, ...(schema && { schema }) },
    ...(schema && { allow: ["approve", "edit", "reject"] }),
    ...request?.(infoOf(tool), args),
  };
}

function infoOf({ name, description }: ToolInfo): ToolInfo {
  return description === undefined ? { name } : { name, description };
}

/** What a tool has done is done: the model must not call it again because of what it returned. */
function recordable({ name }: ToolInfo, result: unknown): unknown {
  const problem = jsonProblem(result);
  if (!problem) return result;
  const place = problem.path.length > 0 ? ` (at ${problem.path.join(".")})` : "";
  throw new NonRetriableError(
    `${name} was executed, but it returned something that can't be recorded${place}: it ${problem.message}. Don't call it with the same arguments again.`,
  );
}

/** A tool of the AI SDK may give its result bit by bit; the last bit is the whole. */
async function last(result: unknown): Promise<unknown> {
  if (typeof result !== "object" || result === null || !(Symbol.asyncIterator in result)) return result;
  let final: unknown;
  for await (const part of result as AsyncIterable<unknown>) final = part;
  return final;
}
