import {
  argsDigest,
  type ExecutableReview,
  HoldpointError,
  type Json,
  NonRetriableError,
  parse,
  type Review,
  type StepContext,
  type StepOptions,
  stepOptionsSchema,
} from "@holdpoint/core";
import { consumeForStep } from "../approvals/consume-approval.ts";
import type { Context } from "../context.ts";
import type { HandlerCalls } from "./handler-calls.ts";
import type { InScope } from "./run-scope.ts";
import { executionName } from "./step-names.ts";

/**
 * A gate's outcome as the handler gets it: what was recorded, with `execute` laid over it. That is no part of the JSON,
 * so that a handler can return the review.
 */
export function executableReview<Args>(
  ctx: Context,
  calls: HandlerCalls,
  { gate, inScope }: { gate: string; inScope: InScope },
  outcome: Review<Args>,
): ExecutableReview<Args> {
  const review = { ...outcome };
  let used = false;
  let execution: Promise<unknown> | undefined;
  const begin = (): { args: Args; digest: string | undefined } => {
    if (!review.approved) {
      const message = `"${gate}" was not approved (${review.status}); there is nothing to execute.`;
      throw new HoldpointError("decision_not_allowed", message);
    }
    if (used)
      throw new HoldpointError("already_consumed", `"${gate}" is executed already; one approval, one execution.`);
    used = true;
    const args = structuredClone(review.args);
    return { args, digest: args === undefined ? undefined : argsDigest(args as Json) };
  };
  const execute = <T>(fn: (args: Args, step: StepContext) => Promise<T> | T, options?: StepOptions): Promise<T> => {
    const result = inScope(["approval", gate], async (at) => {
      const { args, digest } = begin();
      const checked = options ? parse(stepOptionsSchema, options, "options") : {};
      const once = async (step: StepContext) => {
        await consume(ctx, calls, review.approvalId, step, digest);
        return fn(structuredClone(args), step);
      };
      return (await calls.step(at, executionName(gate), once, checked)) as T;
    });
    if (used) execution ??= result;
    return result;
  };
  return Object.defineProperties(review, {
    execute: { value: execute, configurable: true },
    execution: { get: () => execution },
  }) as ExecutableReview<Args>;
}

/** A refusal is final: trying again would be refused again. */
async function consume(
  ctx: Context,
  { run }: HandlerCalls,
  approvalId: string,
  { idempotencyKey }: StepContext,
  digest: string | undefined,
): Promise<void> {
  try {
    await consumeForStep(ctx, { tenantId: run.tenant_id, approvalId, idempotencyKey }, { argsDigest: digest });
  } catch (error) {
    if (!(error instanceof HoldpointError) || error.status >= 500) throw error;
    throw new NonRetriableError(error.message, { cause: error });
  }
}
