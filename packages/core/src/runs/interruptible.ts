import type { Json } from "../json/json.ts";
import { Interrupt, interruptGate } from "./interrupt.ts";
import { NotApprovedError } from "./not-approved-error.ts";
import { repeatable } from "./repeatable-context.ts";
import type { Review, RunContext, Workflow } from "./workflow.ts";

/** A handler as its author writes it. */
export type Handler<Input, Output> = (run: RunContext, input: Input) => Promise<Output | Interrupt>;

/**
 * A handler that may return {@link Interrupt}: the run asks, and once it was approved the handler is called again with
 * the same input and `run.approved`. What its first call recorded keeps its value. Not approved: the run ends so.
 */
export function interruptible<Input, Output>(
  name: string,
  handler: Handler<Input, Output>,
): Workflow<Input, Output>["handler"] {
  return async (run, input, recorded) => {
    const call = repeatable(run);
    if (!recorded) {
      // What the handler does to its input is not what is shown, nor what its next call gets.
      const result = await handler(call(false), structuredClone(input));
      if (!(result instanceof Interrupt)) return result;
      assertApproved(await run.approval(interruptGate, result.requestFor(name, input as Json)));
    } else assertApproved(recorded);
    const result = await handler(call(true), input);
    if (!(result instanceof Interrupt)) return result;
    throw new TypeError(
      `Workflow "${name}" asks for an approval that it has: return Interrupt.approval() only if (!run.approved).`,
    );
  };
}

function assertApproved(review: Review<Json>): void {
  if (!review.approved) throw new NotApprovedError(review);
}
