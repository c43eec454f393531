/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object, as in `metadata` or an action's arguments. */
export type JsonObject = { [key: string]: Json };

/** A JSON Schema (draft 2020-12), kept as plain JSON. */
export type JsonSchema = { [keyword: string]: Json };

/** Levels of arrays and objects that a request may nest. */
export const maxJsonDepth = 32;

interface Node {
  value: unknown;
  depth: number;
  key: string;
  parent?: Node;
}

/** Why a value is not JSON that we can store, and where. */
export interface JsonProblem {
  path: string[];
  message: string;
  tooDeep: boolean;
}

/** What is wrong with `value` as JSON; undefined when nothing is. Iterative, so that depth can't overflow the stack. */
export function jsonProblem(value: unknown, maxDepth = maxJsonDepth): JsonProblem | undefined {
  const stack: Node[] = [{ value, depth: 0, key: "" }];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const container = typeof node.value === "object" && node.value !== null ? node.value : undefined;
    if (container && node.depth >= maxDepth) {
      const cycle = cycleAbove(node);
      if (cycle) return { path: pathOf(cycle), message: "must not contain itself", tooDeep: true };
      return { path: pathOf(node), message: `must not be nested deeper than ${maxDepth} levels`, tooDeep: true };
    }
    const message = nodeProblem(node);
    if (message !== undefined) return { path: pathOf(node), message, tooDeep: false };
    if (container) for (const child of children(node, container)) stack.push(child);
  }
  return undefined;
}

/** A copy without the fields that are undefined, as the object would arrive over the wire. */
export function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

/** One of our own values as {@link Json}, which asks for an index signature that interfaces don't have. */
export function asJson(value: object): Json {
  return value as Json;
}

function children(parent: Node, container: object): Node[] {
  return Object.entries(container)
    .filter(([, value]) => Array.isArray(container) || value !== undefined)
    .map(([key, value]) => ({ value, depth: parent.depth + 1, key, parent }));
}

function nodeProblem({ value, depth, key }: Node): string | undefined {
  const text = stringProblem(key);
  if (text !== undefined) return `has a field name that ${text}`;
  switch (typeof value) {
    case "string":
      return stringProblem(value);
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : "must be a finite number";
    case "object":
      return value === null || Array.isArray(value) || isPlain(value) ? undefined : "must be plain JSON";
    default:
      return depth === 0 && value === undefined ? undefined : "must be plain JSON";
  }
}

/** Neither can be stored or hashed everywhere: RFC 8785 refuses the one, Postgres the other. */
function stringProblem(text: string): string | undefined {
  if (!text.isWellFormed()) return "must not contain half a surrogate pair";
  return text.includes("\0") ? "must not contain the NUL character" : undefined;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The outermost place, down to a value, at which there is a container of that place. */
function cycleAbove(node: Node): Node | undefined {
  const line: Node[] = [];
  for (let at: Node | undefined = node; at; at = at.parent) line.unshift(at);
  return line.find(({ value }, i) => line.findIndex((outer) => outer.value === value) < i);
}

function pathOf(node: Node): string[] {
  const path: string[] = [];
  for (let at = node; at.parent; at = at.parent) path.unshift(at.key);
  return path;
}
