import type { Json } from "../json/json.ts";
import { NotApprovedError } from "./not-approved-error.ts";
import { afterReview, type ReviewedStep, reviewRequest } from "./sequence-review.ts";
import {
  type GateRequest,
  type RunContext,
  type StepContext,
  type StepOptions,
  type Workflow,
  type WorkflowOptions,
  workflow,
} from "./workflow.ts";

/** What a step of a sequence works with. */
export interface SequenceContext<Input = unknown, Previous = unknown> extends StepContext {
  /** The run's input. */
  input: Input;
  /** What the step before gave, as its reviewer left it; undefined in the first step. */
  previous: Previous;
  /** What the steps so far gave, by their names. */
  outputs: Readonly<Record<string, unknown>>;
  run: Pick<RunContext, "id" | "tenantId" | "owner">;
}

/** What has to hold before the next step. */
export interface SequenceConditions {
  /** Pauses the run after the step until somebody has approved its output; for as long as that takes. */
  approvalRequired: boolean;
  /** The text of the approving button, such as "Send email". */
  approveLabel?: string;
  /** Who may decide, at least one; by default every reviewer. */
  approvers?: { userId: string }[];
  /**
   * Whether whoever started the run may decide. Default true: what is reviewed is what the steps made, not what that
   * person asked for. Where a policy requires reviewers, or fails, others have to decide all the same.
   */
  selfApproval?: boolean;
  /**
   * Anything else of the approval, such as a title, a timeout or a risk, made from the step's output, the run's input and
   * what the steps before gave. Content comes after the step's output.
   */
  request?(output: unknown, input: unknown, outputs: Readonly<Record<string, unknown>>): Partial<GateRequest<Json>>;
}

/** One step of a sequence. */
export interface SequenceStep {
  /** Unique within the sequence. */
  name: string;
  /** `email` (an object with `subject`, `body` ...) and `text` (a string) can be edited by the reviewer. */
  type?: "email" | "text" | (string & {});
  /** Makes the step's output, which must be JSON; recorded like any step. */
  run(context: SequenceContext): unknown;
  /** How the step behaves when it throws. */
  options?: StepOptions;
  next?: { conditions: SequenceConditions };
}

/** Options of a {@link sequence}. */
export type SequenceOptions<Input> = Partial<WorkflowOptions<Input>>;

/**
 * A workflow whose steps run one after the other, each on the output of the one before. A step that is flagged with
 * `next: { conditions: { approvalRequired: true } }` is reviewed before the next one runs: approved, its output goes on,
 * edited if the reviewer edited it; rejected, the run ends as `rejected` and nothing else runs.
 *
 * @param options version 1 unless another one is given
 * @returns a workflow that gives the last step's output
 * @throws {TypeError} when two steps have one name, or `approvers` is an empty list
 */
export function sequence<const Steps extends readonly [SequenceStep, ...SequenceStep[]]>(
  name: string,
  steps: Steps & Chained<Steps>,
  options: SequenceOptions<InputOf<Steps>> = {},
): Workflow<InputOf<Steps>, LastOutput<Steps>> {
  assertNames(name, steps);
  assertApprovers(name, steps);
  return workflow<InputOf<Steps>, LastOutput<Steps>>(name, { version: 1, ...options }, async (run, input) => {
    const outputs: Record<string, unknown> = {};
    let previous: unknown;
    for (const step of steps) {
      const { id, tenantId, owner } = run;
      const context = { input, previous, outputs, run: { id, tenantId, owner } };
      const output = await run.step(step.name, (call) => step.run({ ...call, ...context }), step.options);
      previous = await reviewed(run, { sequence: name, step, input, outputs, output: output as Json });
      outputs[step.name] = previous;
    }
    return previous as LastOutput<Steps>;
  });
}

async function reviewed(run: RunContext, made: ReviewedStep): Promise<unknown> {
  if (!made.step.next?.conditions.approvalRequired) return made.output;
  const review = await run.approval(gateOf(made.step), reviewRequest(made));
  if (!review.approved) throw new NotApprovedError(review);
  return afterReview(made, review.args);
}

function gateOf({ name }: SequenceStep): string {
  return `approve ${name}`;
}

function assertNames(sequence: string, steps: readonly SequenceStep[]): void {
  const names = new Set<string>();
  for (const step of steps) {
    for (const name of [step.name, gateOf(step)]) {
      if (names.has(name)) throw new TypeError(`Sequence "${sequence}" has two steps called "${name}".`);
      names.add(name);
    }
  }
}

/** A list that has lost its people would let everybody decide. */
function assertApprovers(sequence: string, steps: readonly SequenceStep[]): void {
  const open = steps.find(({ next }) => next?.conditions.approvers?.length === 0);
  if (!open) return;
  throw new TypeError(
    `Sequence "${sequence}": approvers of step "${open.name}" is empty. Name who may decide, or leave it out to let every reviewer.`,
  );
}

type ContextOf<Step extends SequenceStep> = Parameters<Step["run"]>[0];
type OutputOf<Step extends SequenceStep> = Awaited<ReturnType<Step["run"]>>;

/** The input that the first step wants. */
type InputOf<Steps extends readonly SequenceStep[]> = Steps extends readonly [
  infer First extends SequenceStep,
  ...unknown[],
]
  ? ContextOf<First>["input"]
  : never;

type LastOutput<Steps extends readonly SequenceStep[]> = Steps extends readonly [
  ...unknown[],
  infer Last extends SequenceStep,
]
  ? OutputOf<Last>
  : never;

/** The steps, where each takes what the one before gives; one that doesn't turns into what it should take. */
type Chained<Steps extends readonly SequenceStep[]> = {
  [K in keyof Steps]: Shifted<Steps>[K & keyof Shifted<Steps>] extends ContextOf<Steps[K]>["previous"]
    ? Steps[K]
    : { run(context: SequenceContext<never, Shifted<Steps>[K & keyof Shifted<Steps>]>): unknown };
};

/** What each step gets from the one before. */
type Shifted<Steps extends readonly SequenceStep[]> = readonly [
  undefined,
  ...{ [K in keyof Steps]: OutputOf<Steps[K]> },
];
