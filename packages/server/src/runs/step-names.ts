import { HoldpointError, sha256Hex } from "@holdpoint/core";

/** Makes step names unique within one pass through a handler. */
export type StepNames = (name: string) => string;

const longestName = 200;

/**
 * Numbers repeated names in the order they come up: `send`, `send#2`, `send#3`. A handler that takes the same path
 * again gets the same names. They are made such that every database gives them back as they are: a step that isn't found
 * by its name would run again.
 */
export function createStepNames(): StepNames {
  const uses = new Map<string, number>();
  return (given) => {
    const name = given.toWellFormed().replaceAll("\0", "\uFFFD");
    if (name.trim() === "" || name.length > longestName) {
      throw new TypeError(`A step's name must be 1 to ${longestName} characters; it was ${JSON.stringify(name)}.`);
    }
    let count = uses.get(name) ?? 0;
    let unique: string;
    do {
      count += 1;
      unique = count === 1 ? name : `${name}#${count}`;
    } while (unique !== name && uses.has(unique));
    uses.set(name, count);
    if (unique !== name) uses.set(unique, 1);
    return unique;
  };
}

/**
 * Refuses a gate's name that an approval can't carry.
 *
 * @throws {HoldpointError} `invalid_request` naming `name`
 */
export function assertGateName(name: string): void {
  if (!/^\s|\s$|\p{Cc}/u.test(name)) return;
  const message = "must be one line without surrounding spaces";
  const given = JSON.stringify(name);
  throw new HoldpointError("invalid_request", `name: ${message}; the gate's was ${given}.`, [
    { pointer: "/name", message },
  ]);
}

/** What an entry of the log is called that a step leaves. */
export function logName(step: string): string {
  return withSuffix(step, ":log");
}

/** Whether a name may be one of {@link logName}. */
export function isLogName(name: string): boolean {
  return /:log(?:#\d+)?$/.test(name);
}

/** What the step is called that executes what a gate approved. */
export function executionName(gate: string): string {
  return withSuffix(gate, ":execute");
}

function withSuffix(name: string, suffix: string): string {
  const whole = `${name}${suffix}`;
  return whole.length <= longestName ? whole : `${sha256Hex(name)}${suffix}`;
}
