import { type AwaitedEvent, HoldpointError, hasAwaitedValues, type SentEvent, type Trigger } from "@holdpoint/core";
import { Environment } from "@marcbachmann/cel-js";
import { LRUCache } from "lru-cache";

/** An expression that can be evaluated: no field of what it is given can make it throw, only make it false. */
type Filter = (event: SentEvent, trigger: Trigger) => boolean;

/** Whether an event is one that is waited for, by a run that `trigger` started. */
export function isAwaited(awaited: AwaitedEvent, event: SentEvent, trigger: Trigger): boolean {
  if (!hasAwaitedValues(awaited, event)) return false;
  return awaited.if === undefined || eventFilter(awaited.if)(event, trigger);
}

/**
 * The filter that an `if` expression stands for. There is no `eval` behind it, and it has access to nothing else.
 *
 * @throws {HoldpointError} `invalid_request` naming `if` when it is not an expression that gives true or false
 */
export function eventFilter(expression: string): Filter {
  const known = filters.get(expression);
  if (known) return known;
  const filter = compile(expression);
  filters.set(expression, filter);
  return filter;
}

const filters = new LRUCache<string, Filter>({ max: 500 });

const environment = new Environment({ limits: { maxAstNodes: 500, maxDepth: 50 } })
  .registerVariable("async", "map")
  .registerVariable("event", "map")
  .registerVariable("input", "dyn")
  // As a macro it comes before the function of the same name, whatever it is called on.
  .registerFunction("map.matches(ast): bool", refusePatterns);

/** There are patterns that take for ever over a text, and the texts come from outside. */
function refusePatterns(): never {
  throw new Error("matches isn't available; use contains, startsWith or endsWith, or look at the event in the handler");
}

function compile(expression: string): Filter {
  const evaluate = parsed(expression);
  const { valid, type = "dyn", error } = evaluate.check();
  if (!valid) throw refusal(expression, error?.message ?? "it is not valid");
  if (type !== "bool" && type !== "dyn") throw refusal(expression, `it gives ${type}, not true or false`);
  return (event, trigger) => {
    try {
      return evaluate({ async: event, event: trigger, input: trigger.data }) === true;
    } catch {
      return false;
    }
  };
}

function parsed(expression: string): ReturnType<Environment["parse"]> {
  try {
    return environment.parse(expression);
  } catch (error) {
    throw refusal(expression, error instanceof Error ? error.message : String(error));
  }
}

function refusal(expression: string, problem: string): HoldpointError {
  const message = `"${expression}" is not an expression over async, event and input: ${problem.split("\n")[0]}`;
  return new HoldpointError("invalid_request", `if: ${message}.`, [{ pointer: "/if", message }]);
}
