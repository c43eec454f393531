import { type Json, StepError, type StepKind, withoutUndefined } from "@holdpoint/core";
import type { StepCall } from "./step-attempt.ts";
import type { StepRecord } from "./step-record.ts";
import { Turns } from "./turns.ts";

interface OpenCall {
  resolve: (output: Json | undefined) => void;
  reject: (error: StepError) => void;
  step?: StepCall;
  turn?: number;
}

/** The calls of a handler that have no result yet. */
export class OpenCalls {
  readonly #calls = new Map<string, OpenCall>();
  readonly #dropped = new Map<string, OpenCall>();
  readonly #turns: Turns;
  readonly #failures = new Set<string>();
  #given = 0;

  readonly #keepsBack: (record: StepRecord) => boolean;

  /**
   * @param rested called when the handler has taken in all results there are
   * @param keepsBack called when a result's turn has come; true when the call is to be let go of instead
   */
  constructor(rested: () => void, keepsBack: (record: StepRecord) => boolean) {
    this.#turns = new Turns(rested);
    this.#keepsBack = keepsBack;
  }

  get size(): number {
    return this.#calls.size;
  }

  get names(): string[] {
    return [...this.#calls.keys()];
  }

  /** The steps among them. */
  get steps(): StepCall[] {
    return [...this.#calls.values()].flatMap(({ step }) => step ?? []);
  }

  /** The turn of the result that the handler was given last; 0 when it had none. */
  get given(): number {
    return this.#given;
  }

  /** Steps whose failures the handler was given since it last called for something. */
  get failures(): string[] {
    return [...this.#failures];
  }

  /**
   * Opens a call; the promise is the handler's. One that is made again after a retry has the turn that it had: what came
   * later waits for its result.
   */
  open(name: string, step?: StepCall, record?: StepRecord): Promise<Json | undefined> {
    this.#turns.schedule();
    this.#failures.clear();
    const turn = record?.status === "cancelled" ? undefined : record?.turn;
    if (turn !== undefined) this.#turns.reserve(turn);
    return new Promise((resolve, reject) => this.#calls.set(name, withoutUndefined({ resolve, reject, step, turn })));
  }

  /** Gives a call its result, when its turn comes; nothing happens while nobody has called. */
  offer(record: StepRecord): void {
    const call = this.#calls.get(record.name);
    if (record.settled === undefined || !call) return;
    const turn = record.turn ?? record.settled;
    this.#turns.offer(turn, () => {
      if (this.#calls.get(record.name) !== call) return;
      this.#calls.delete(record.name);
      if (this.#keepsBack(record)) {
        this.#dropped.set(record.name, call);
        return;
      }
      this.#given = turn;
      if (record.status === "failed") {
        this.#failures.add(record.name);
        call.reject(stepError(record));
      } else call.resolve(record.output);
    });
  }

  /** Lets go of a call: unless it is recalled, it will get no result. False when it has got one. */
  drop(name: string): boolean {
    const call = this.#calls.get(name);
    if (!call) return false;
    if (call.turn !== undefined) this.#turns.giveUp(call.turn);
    this.#dropped.set(name, call);
    return this.#calls.delete(name);
  }

  /** Takes up a call again that was let go of: it gets a result all the same, or the error. */
  recall(name: string, error?: StepError): void {
    const call = this.#dropped.get(name);
    if (!call) return;
    this.#dropped.delete(name);
    this.#turns.schedule();
    if (error) call.reject(error);
    else this.#calls.set(name, call);
  }

  /** Has a call wait anew: results that it was offered before are not for it. */
  renew(name: string): void {
    const call = this.#calls.get(name) ?? this.#dropped.get(name);
    this.#dropped.delete(name);
    if (call) this.#calls.set(name, { ...call });
  }

  /** Has `rested` called again. */
  review(): void {
    this.#turns.schedule();
  }

  /** Lets go of the handler: it will get no more results. */
  abandon(): void {
    this.#calls.clear();
    this.#dropped.clear();
  }
}

const nouns: Partial<Record<StepKind, string>> = {
  step: "Step",
  event: "Wait",
  invoke: "Invocation",
};

function stepError({ name, kind, error, childRunId }: StepRecord): StepError {
  const what = nouns[kind] ?? "Gate";
  return new StepError(name, `${what} "${name}" failed: ${error?.message ?? "no reason was recorded."}`, childRunId);
}
