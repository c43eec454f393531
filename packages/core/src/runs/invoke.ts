import type { Json } from "../json/json.ts";
import type { Duration } from "../time/duration.ts";
import type { Workflow } from "./workflow.ts";

/** The workflow that a run invokes: by name in its latest version, by definition in that version, or in a version of choice. */
export type InvokeTarget<Input = Json, Output = Json> =
  | string
  | Workflow<Input, Output>
  | { workflow: string | Workflow<Input, Output>; version?: number };

/** What a child run is given. */
export interface InvokeOptions<Input = Json> {
  input: Input;
  /** How long to wait at most; then the child is cancelled and the invocation has failed. */
  timeout?: Duration;
}
