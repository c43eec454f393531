import type { AsyncLocalStorage } from "node:async_hooks";
import type { RunScope } from "./run-scope.ts";

/** Whose code is running. Small, since whatever that code opens (a socket, a timer) keeps it. */
export interface HandlerCode {
  runId: string;
  /** The handler itself, or the branch of it. */
  scope: RunScope;
  /** The step whose function it is. */
  step?: string;
}

/** Tells whose code is running, across everything that it awaits. */
export type RunningCode = AsyncLocalStorage<HandlerCode>;
