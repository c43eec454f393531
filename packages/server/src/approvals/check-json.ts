import { isNativeError } from "node:util/types";
import { createContext, Script } from "node:vm";
import { type FieldError, type JsonSchemaCheck, jsonSchemaErrors } from "@holdpoint/core";

/** How long one check may hold the process up, in ms. */
const longestCheckMs = 1_000;

const tooSlow: FieldError = {
  pointer: "",
  message: "takes too long to check against its schema; look for a pattern that backtracks, such as ^(a+)+$",
};

/**
 * As {@link jsonSchemaErrors}, for schemas and values from outside: a check that takes too long is given up and refuses
 * the value. JavaScript's patterns can take longer than anybody lives, and nothing but `node:vm` can interrupt one. Its
 * watch costs about 0.3 ms.
 */
export const checkJson: JsonSchemaCheck = (schema, value, before) => {
  try {
    return withinTime(() => jsonSchemaErrors(schema, value, before));
  } catch (error) {
    if (isTimeout(error)) return [tooSlow];
    throw error;
  }
};

let watched: { script: Script; scope: { work?: () => unknown } } | undefined;

/** Calls `work`, which may be ended anywhere. */
function withinTime<T>(work: () => T): T {
  watched ??= { script: new Script("work()"), scope: createContext({}) };
  const { script, scope } = watched;
  scope.work = work;
  try {
    return script.runInContext(scope, { timeout: longestCheckMs });
  } finally {
    scope.work = undefined;
  }
}

/** The error is one of another realm: `instanceof` doesn't know it. */
function isTimeout(error: unknown): boolean {
  return isNativeError(error) && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
