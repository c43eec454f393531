import { interruptGate, type Json, type Review, type StepKind, sameJson } from "@holdpoint/core";
import { beforeResult, type StepRecord } from "./step-record.ts";

/** What is known of a run's steps during one pass: what was recorded, and what has happened since. */
export class RunHistory {
  readonly #steps = new Map<string, StepRecord>();
  /** Waits that have begun anew, and the places before which their results don't count. */
  readonly #reopened = new Map<string, number>();
  #known = 0;
  #nextPosition = 0;

  constructor(recorded: readonly StepRecord[]) {
    for (const step of recorded) {
      this.#steps.set(step.name, step);
      this.#known = Math.max(this.#known, step.settled ?? 0);
      this.#nextPosition = Math.max(this.#nextPosition, step.position + 1);
    }
  }

  /** Steps up to this place among the settled ones are known. */
  get known(): number {
    return this.#known;
  }

  /** Whether it waits for others: for people, or for an event. */
  get asks(): boolean {
    return [...this.#steps.values()].some(({ kind, status }) => byOthers(kind) && status === "waiting");
  }

  /** What became of the handler's interrupt. */
  get interrupt(): Review<Json> | undefined {
    const gate = this.#steps.get(interruptGate);
    return gate?.kind === "approval" && gate.status === "completed"
      ? (gate.output as unknown as Review<Json>)
      : undefined;
  }

  /**
   * Whether an entry of the log is of the handler's call before its interrupt, and not what the call after it says: both
   * restart the count, and may say different things.
   */
  isOfEarlierCall({ kind, position, output = null }: StepRecord, said: Json): boolean {
    const gate = this.interrupt && this.#steps.get(interruptGate);
    return gate !== undefined && kind === "log" && position < gate.position && !sameJson(output, said);
  }

  get(name: string): StepRecord | undefined {
    return this.#steps.get(name);
  }

  /** Adds a step that the handler has just reached. */
  reach(name: string, kind: StepKind, at: string): StepRecord {
    const position = this.#nextPosition++;
    const step: StepRecord = { name, kind, status: firstStatus(kind), attempts: 1, startedAt: at, position };
    if (kind === "log") step.finishedAt = at;
    this.#steps.set(name, step);
    return step;
  }

  /** Takes in what became of a step that has not settled; what has settled stays as it is. */
  note(step: StepRecord): void {
    if (this.#steps.get(step.name)?.settled === undefined) this.#steps.set(step.name, step);
  }

  /** Takes in that a wait has begun anew. Whoever read before that may still bring a result from before this place. */
  reopen(name: string, place: number): void {
    const step = this.#steps.get(name);
    if (step) this.#steps.set(name, beforeResult(step));
    this.#reopened.set(name, place);
  }

  /** Takes in a result; false when it was known already. Results come in the order of their places. */
  settle(step: StepRecord): boolean {
    if (step.settled === undefined || step.settled <= this.#known) return false;
    this.#known = step.settled;
    if (step.settled < (this.#reopened.get(step.name) ?? 0)) return false;
    this.#steps.set(step.name, step);
    return true;
  }
}

function firstStatus(kind: StepKind): StepRecord["status"] {
  if (kind === "log") return "completed";
  return kind === "step" ? "running" : "waiting";
}

function byOthers(kind: StepKind): boolean {
  return kind !== "step" && kind !== "sleep" && kind !== "notify";
}
