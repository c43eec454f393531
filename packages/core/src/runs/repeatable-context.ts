import type { Notice } from "../delivery/notification.ts";
import { type Json, jsonProblem } from "../json/json.ts";
import type { EventWait } from "./event-wait.ts";
import { gateToolsOf } from "./gate-tools.ts";
import type { InvokeOptions, InvokeTarget } from "./invoke.ts";
import type {
  Branches,
  ExecutableReview,
  GateRequest,
  QuestionRequest,
  RunContext,
  StepContext,
  StepOptions,
} from "./workflow.ts";

/** What notices without a name of their own are called. */
const noticeName = "notify";

/** A call of one of the context's methods, kept for the handler's next call. */
interface Begun {
  method: string;
  result: Promise<unknown>;
}

/**
 * Lets a handler be called twice in one go: names start over with every call, and a name that was used in the call
 * before gives what it gave then. Only what is new reaches the engine.
 */
export function repeatable(run: RunContext): (approved: boolean) => RunContext {
  const begun = new Map<string, Begun>();
  const logged: string[] = [];
  return (approved) => {
    const before = [...logged];
    let seen = 0;
    const uses = new Map<string, number>();
    const once = <T>(
      method: keyof RunContext,
      name: string,
      begin: () => Promise<T>,
      again: (result: Promise<T>) => Promise<T> = (result) => result,
    ): Promise<T> => {
      const use = (uses.get(name) ?? 0) + 1;
      uses.set(name, use);
      const key = `${use} ${name}`;
      const before = begun.get(key);
      if (before)
        return before.method === method ? again(before.result as Promise<T>) : changedMethod(name, before, method);
      const result = begin();
      begun.set(key, { method, result });
      return result;
    };
    const context: Omit<RunContext, "gateTools"> = {
      id: run.id,
      tenantId: run.tenantId,
      owner: run.owner,
      signal: run.signal,
      approved,
      step: <T>(name: string, fn: (step: StepContext) => Promise<T> | T, options?: StepOptions) =>
        once("step", name, () => run.step(name, fn, options)),
      approval: <Args = Json>(name: string, request: GateRequest<Args>) =>
        once("approval", name, () => run.approval<Args>(name, request), reviewedAgain),
      question: <Answer = Json>(name: string, request: QuestionRequest) =>
        once("question", name, () => run.question<Answer>(name, request)),
      waitForEvent: <Data = Json>(name: string, wait: EventWait) =>
        once("waitForEvent", name, () => run.waitForEvent<Data>(name, wait)),
      notify: (first: string | Notice, second?: Notice) =>
        typeof first === "string"
          ? once("notify", first, () => run.notify(first, second ?? {}))
          : once("notify", noticeName, () => run.notify(first)),
      invoke: <Input, Output>(name: string, target: InvokeTarget<Input, Output>, options: InvokeOptions<Input>) =>
        once("invoke", name, () => run.invoke<Input, Output>(name, target, options)),
      sleep: (name, duration) => once("sleep", name, () => run.sleep(name, duration)),
      sleepUntil: (name, until) => once("sleep", name, () => run.sleepUntil(name, until)),
      race: (branches) => once("race", raceName(branches), () => run.race(withApproved(branches, approved))),
      first: (count, branches) =>
        once("first", raceName(branches, count), () => run.first(count, withApproved(branches, approved))),
      log(message, data) {
        const entry = entryText(message, data);
        const same = before.indexOf(entry, seen);
        seen = same < 0 ? before.length : same + 1;
        if (same >= 0) return;
        logged.push(entry);
        run.log(message, data);
      },
    };
    return { ...context, gateTools: gateToolsOf(context) };
  };
}

/** A review that the handler's call before had too: what it executed there isn't refused, but gives the same result. */
function reviewedAgain<Args>(asked: Promise<ExecutableReview<Args>>): Promise<ExecutableReview<Args>> {
  const again = asked.then((review) => {
    let executed = review.execution;
    const { execute } = review;
    const value: typeof execute = <T>(...call: Parameters<typeof execute<T>>) => {
      const before = executed;
      executed = undefined;
      return before ? (before as Promise<T>) : execute<T>(...call);
    };
    return Object.defineProperty(review, "execute", { value });
  });
  // The handler may look at it long after it failed.
  again.catch(() => undefined);
  return again;
}

/** By what an entry of the log is known again: the handler's next call may say something else. */
function entryText(message: string, data: unknown): string {
  return jsonProblem(data) ? String(message) : JSON.stringify([message, data]);
}

/** By what a race is known again. The NUL sets it apart from names that steps have. */
function raceName(branches: Branches, count?: number): string {
  return `\0${JSON.stringify([count, ...Object.keys(branches)])}`;
}

/** The branches of a race that was begun after the interrupt know that too, and so do those of the races in them. */
function withApproved<B extends Branches>(branches: B, approved: boolean): B {
  const known = Object.entries(branches).map(([name, branch]) => [
    name,
    (run: RunContext) =>
      branch({
        ...run,
        approved,
        race: (inner) => run.race(withApproved(inner, approved)),
        first: (count, inner) => run.first(count, withApproved(inner, approved)),
      }),
  ]);
  return Object.fromEntries(known) as B;
}

function changedMethod(name: string, before: Begun, method: string): Promise<never> {
  return Promise.reject(
    new TypeError(`"${name}" was a ${before.method} before the interrupt and is used as a ${method} after it.`),
  );
}
