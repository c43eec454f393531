import * as z from "zod";
import type { Requester } from "../approval/source.ts";
import { type Json, type JsonSchema, jsonProblem } from "../json/json.ts";
import type { Duration } from "../time/duration.ts";
import { clippedTitle } from "./clipped-title.ts";
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
  /** Anything else of the question, such as reviewers, tags or further content. */
  request?: Partial<QuestionRequest>;
}

/** What a model asks a person. */
export interface HumanQuestion {
  question: string;
  /** What the person needs to know to answer. */
  context?: string;
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
  name: string;
  description: string;
  schema: z.ZodType<HumanQuestion>;
  inputSchema: z.ZodType<HumanQuestion>;
  execute(asked: HumanQuestion, call?: { toolCallId?: string }): Promise<HumanAnswer>;
}

const questionSchema: z.ZodType<HumanQuestion> = z.object({
  question: z.string().min(1).max(4_000).describe("What you need to know, in one or two sentences."),
  context: z.string().max(20_000).optional().describe("What you have found out so far and why you are stuck."),
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
 * several questions may be open at once. Whoever started the run may answer too.
 *
 * @param run without one the tool answers with an error, so that an agent that is run outside of a workflow goes on
 */
export function askHuman(run: Pick<RunContext, "question"> | undefined, options: AskHumanOptions = {}): AskHumanTool {
  const { name = "ask_developer", description = "Asks a developer who knows the system and waits for the answer." } =
    options;
  return {
    name,
    description,
    schema: questionSchema,
    inputSchema: questionSchema,
    async execute(asked, { toolCallId } = {}) {
      if (!run) return { error: "This tool requires step context" };
      const parsed = await parseArguments(questionSchema, asked);
      const problem = "problem" in parsed ? parsed.problem : unstorable(parsed.args);
      if (problem !== undefined) return { error: `The arguments of ${name} can't be used: ${problem}.` };
      const gate = toolCallId !== undefined && /^[\w.:-]{1,60}$/.test(toolCallId) ? `${name} ${toolCallId}` : name;
      const { answer, status, at } = await run.question<Json>(gate, humanRequest(asked, options));
      if (status !== "answered") return { error: "No developer response provided" };
      return { developerResponse: options.form ? answer : textOf(answer), responseTime: at };
    },
  };
}

/** Models give half a character at times. */
function unstorable(args: unknown): string | undefined {
  const problem = jsonProblem(args);
  return problem && `${problem.path.join(".")} ${problem.message}`;
}

function humanRequest({ question, context }: HumanQuestion, options: AskHumanOptions): QuestionRequest {
  const { agent, form = textForm, timeout = "4h", request } = options;
  const short = question.length <= 200 && question.trim() !== "";
  return {
    title: short ? question : clippedTitle(`${question}…`),
    ...(!short && { message: question }),
    ...(context !== undefined && { content: [{ type: "text", title: "Context", text: context }] }),
    ...(agent && { requestedBy: { ...agent, kind: "agent" } }),
    form,
    timeout,
    selfApproval: true,
    ...request,
  };
}

function textOf(answer: Json): Json {
  return typeof answer === "object" && answer !== null && !Array.isArray(answer) ? (answer.answer ?? "") : answer;
}
