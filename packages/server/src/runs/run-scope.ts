import { wentOnWithout } from "./lost-waits.ts";

/** A method of the context, and the name that it was given. */
export type Called = readonly [method: string, name?: string];

/** Makes a call as a part of the handler, or of the branch of it, that a context was made for. */
export type InScope = <T>(called: Called, call: (at: RunScope) => Promise<T>) => Promise<T>;

/** The calls of a handler, or of one branch of it. */
export class RunScope {
  readonly #names = new Set<string>();
  readonly #branches: RunScope[] = [];
  #outer: RunScope | undefined;
  #lostTo: string | undefined;
  #abort: AbortController | undefined;

  /** The run went on without it: what it still calls comes to nothing. */
  get closed(): boolean {
    return this.#lostTo !== undefined;
  }

  /** The branch that came first instead, where the run went on without this. */
  get lostTo(): string | undefined {
    return this.#lostTo;
  }

  /** Whether this is a branch, and not the handler itself. */
  get isBranch(): boolean {
    return this.#outer !== undefined;
  }

  /** Notes a call. */
  add(name: string): void {
    this.#names.add(name);
  }

  /** A part that can be closed by itself. */
  branch(): RunScope {
    const branch = new RunScope();
    branch.#outer = this;
    branch.#abort = new AbortController();
    this.#branches.push(branch);
    return branch;
  }

  /** Whether a scope is this one, or a branch in it. */
  holds(scope: RunScope): boolean {
    let at: RunScope | undefined = scope;
    while (at && at !== this) at = at.#outer;
    return at === this;
  }

  /** The signal for what is called in here: `signal`, or earlier when this is closed. */
  signal(signal: AbortSignal): AbortSignal {
    return this.#abort ? AbortSignal.any([signal, this.#abort.signal]) : signal;
  }

  /** Closes this and its branches, since another came first; returns the calls in them, those that have ended too. */
  close(winner: string): string[] {
    this.#lostTo ??= winner;
    this.#abort?.abort(new Error(wentOnWithout(winner)));
    return [...this.#names, ...this.#branches.flatMap((branch) => branch.close(winner))];
  }
}
