import * as z from "zod";
import type { ContentBlock } from "../approval/content-block.ts";
import type { Requester } from "../approval/source.ts";
import { type Json, type JsonSchema, jsonProblem } from "../json/json.ts";
import type { Duration } from "../time/duration.ts";
import { clippedTitle } from "./clipped-title.ts";
import { callsRun } from "./gate-tools.ts";
import { argumentsFailure } from "./tool-refusal.ts";
import { parseArguments } from "./tool-schema.ts";
import type { QuestionRequest, RunContext } from "./workflow.ts";

/** How a model asks, and whom. */
export interface AskHumanOptions {
  /** The tool's name; default `ask_developer`. */
  name?: string;
  /** Tells the model when to ask. */
  description?: string;
  /** The agent whose tool this is, shown as who asks. */
  agent?: Omit<Requester, "kind">;
  /** The shape of the answer; by default one text. */
  form?: JsonSchema;
  /** How long the model waits; default `4h`. */
  timeout?: Duration;
  /**
   * Anything else of the question, such as reviewers, tags or further content. What the model says stays: a title or
   * message given here stands beside it, content comes after it.
   */
  request?: Partial<QuestionRequest>;
}

/** What a model asks a person. */
export interface HumanQuestion {
  question: string;
  /** What the person needs to know to answer. Null, as models in strict mode say it, is none. */
  context?: string | null;
}

/** What the model gets back. */
export type HumanAnswer =
  | {
      /** The text, or a value of `form`. */
      developerResponse: Json;
      /** When it was given, ISO 8601. */
      responseTime: string;
    }
  | { error: string };

/** A tool that a model calls to ask a person; fits lists of tools and the AI SDK's records of them. */
export interface AskHumanTool {
  /** Has `run.gateTools` leave the tool as it is. */
  readonly [callsRun]: true;
  name: string;
  description: string;
  schema: z.ZodType<HumanQuestion>;
  inputSchema: z.ZodType<HumanQuestion>;
  execute(asked: HumanQuestion, call?: { toolCallId?: string }): Promise<HumanAnswer>;
}

const questionSchema: z.ZodType<HumanQuestion> = z.object({
  question: z.string().min(1).max(4_000).describe("What you need to know, in one or two sentences."),
  context: z.string().max(20_000).nullish().describe("What you have found out so far and why you are stuck."),
});

/** One text. */
const textForm: JsonSchema = {
  type: "object",
  required: ["answer"],
  additionalProperties: false,
  properties: { answer: { title: "Answer", type: "string", minLength: 1, maxLength: 20_000, format: "textarea" } },
};

/**
 * A tool with which a model asks a person. The run pauses until there is an answer, which goes to the call that asked:
 * several questions may be open at once. Whoever started the run may answer too. `run.gateTools` leaves it as it is.
 *
 * @param run without one the tool answers with an error, so that an agent that is run outside of a workflow goes on
 */
export function askHuman(run: Pick<RunContext, "question"> | undefined, options: AskHumanOptions = {}): AskHumanTool {
  const { name = "ask_developer", description = "Asks a developer who knows the system and waits for the answer." } =
    options;
  return {
    [callsRun]: true,
    name,
    description,
    schema: questionSchema,
    inputSchema: questionSchema,
    async execute(asked, { toolCallId } = {}) {
      if (!run) return { error: "This tool requires step context" };
      const parsed = await parseArguments(questionSchema, asked);
      const problem = "problem" in parsed ? parsed.problem : unstorable(parsed.args);
      if (problem !== undefined) return argumentsFailure(name, problem);
      const gate = toolCallId !== undefined && /^[\w.:-]{1,60}$/.test(toolCallId) ? `${name} ${toolCallId}` : name;
      const { answer, status, at } = await run.question<Json>(gate, humanRequest(asked, options));
      if (status !== "answered") return { error: "No developer response provided" };
      return { developerResponse: formOf(options) ? answer : textOf(answer), responseTime: at };
    },
  };
}

/** Models give half a character at times. */
function unstorable(args: unknown): string | undefined {
  const problem = jsonProblem(args);
  return problem && `${problem.path.join(".")} ${problem.message}`;
}

function formOf({ form, request }: AskHumanOptions): JsonSchema | undefined {
  return form ?? request?.form;
}

function humanRequest(asked: HumanQuestion, options: AskHumanOptions): QuestionRequest {
  const { agent, timeout = "4h", request = {} } = options;
  const { question } = asked;
  const isTitle = request.title === undefined && question.length <= 200 && question.trim() !== "";
  const isMessage = !isTitle && request.message === undefined;
  const content = [
    ...(isTitle || isMessage ? [] : [textBlock("Question", question)]),
    ...(asked.context ? [textBlock("Context", asked.context)] : []),
    ...(request.content ?? []),
  ];
  return {
    ...(agent && { requestedBy: { ...agent, kind: "agent" } }),
    timeout,
    selfApproval: true,
    ...request,
    title: request.title ?? (isTitle ? question : clippedTitle(`${question}…`)),
    ...(isMessage && { message: question }),
    ...(content.length > 0 && { content }),
    form: formOf(options) ?? textForm,
  };
}

function textBlock(title: string, text: string): ContentBlock {
  return { type: "text", title, text };
}

function textOf(answer: Json): Json {
  return typeof answer === "object" && answer !== null && !Array.isArray(answer) ? (answer.answer ?? "") : answer;
}
