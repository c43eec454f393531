import { PlainRace } from "./plain-race.ts";
import type { RunScope } from "./run-scope.ts";

/** What is called with how a promise ended. */
type Callback<V, R> = ((value: V) => R | PromiseLike<R>) | null;

/**
 * A result as a handler gets it, or what `then`, `catch` or `finally` have made of one: a promise that knows who listens
 * to it, so that a gate that has lost a plain `Promise.race` or `Promise.any` can be told from one that is still waited
 * for. All it serves is what loses a plain race, and gates that only losing branches of `run.race` listen to. ECMA-262 says
 * what listeners do:
 *
 * - PerformPromiseRace and PerformPromiseAny hand each element to PromiseResolve, which reads its `constructor` and returns
 *   the element itself if that is Promise; then they call its `then`, with one and the same resolving function for all.
 *   PerformPromiseAll and PerformPromiseAllSettled do the same, but with a function for each.
 * - Await hands it to PromiseResolve too, and listens by PerformPromiseThen: no call of `then` follows.
 * - Whoever else listens calls `then`.
 *
 * `then` itself reads `constructor` once more, by SpeciesConstructor, and makes what it returns with it.
 */
class HeardPromise<T> extends Promise<T> {
  /** Undefined for what the handler doesn't get to see. */
  #listeners: Listeners | undefined;
  /** What it waits for: itself, or the result that it was made of. */
  #result: HeardPromise<unknown> = this;
  /** The call that this is the result of; a race of branches has none. */
  #name: string | undefined;
  /** The races that it is in, and what was made of it. */
  readonly #heardBy: (PlainRace | HeardPromise<unknown>)[] = [];
  /** Where those are that listen otherwise. */
  #others: { at: RunScope }[] = [];
  /** Where it was made, if `then` or the like did. */
  #scope: RunScope | undefined;
  /** Whether it is `then` that reads the `constructor`. */
  #deriving = false;

  /** Hands out the result of a call. */
  static of<T>(listeners: Listeners, name: string | undefined, result: Promise<T>): HeardPromise<T> {
    const heard = new HeardPromise<T>((resolve, reject) => void result.then(resolve, reject));
    heard.#keepUnheard();
    heard.#listeners = listeners;
    heard.#name = name;
    return heard;
  }

  /** Counts those that are about to listen. */
  // biome-ignore lint/complexity/useLiteralKeys: without the brackets it isn't allowed in a class.
  override get ["constructor"](): PromiseConstructor {
    if (!(#listeners in this && this.#listeners)) return Promise;
    if (this.#deriving) return HeardPromise;
    this.#others.push({ at: this.#listeners.where() });
    this.#listeners.resolved = this;
    this.#noteListener(this.#listeners);
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: a promise has one.
  override then<A = T, B = never>(onFulfilled?: Callback<T, A>, onRejected?: Callback<unknown, B>): Promise<A | B> {
    if (!this.#listeners) return super.then(onFulfilled, onRejected);
    const race = this.#listeners.resolved === this ? this.#listeners.raceOf(onFulfilled, onRejected) : undefined;
    this.#listeners.resolved = undefined;
    if (race) {
      this.#join(race, this.#listeners);
      return this.#derive(onFulfilled, onRejected);
    }
    const following = <V, R>(callback?: Callback<V, R>) =>
      typeof callback === "function" ? (value: V) => derived.#follow(callback(value)) : undefined;
    const derived: HeardPromise<A | B> = this.#derive(following(onFulfilled), following(onRejected));
    derived.#listeners = this.#listeners;
    derived.#result = this.#result;
    derived.#scope = this.#listeners.where();
    this.#noteListener(this.#listeners);
    this.#heardBy.push(derived);
    derived.#keepUnheard();
    return derived;
  }

  /** Does without the language's own: its callbacks can't be told from those of a race. */
  override finally(onFinally?: (() => unknown) | null): Promise<T> {
    const ended = async () => onFinally?.();
    return this.then(
      (value) => ended().then(() => value),
      (reason) => ended().then(() => Promise.reject(reason)),
    );
  }

  #derive<A, B>(onFulfilled?: Callback<T, A>, onRejected?: Callback<unknown, B>): HeardPromise<A | B> {
    this.#deriving = true;
    const derived = super.then(onFulfilled, onRejected);
    this.#deriving = false;
    return derived as HeardPromise<A | B>;
  }

  /** A handler may look at a result long after it came; until then a failure must not end the process. */
  #keepUnheard(): void {
    void this.#derive(undefined, () => undefined);
  }

  /** What listens in a branch stops when that loses. */
  #noteListener(listeners: Listeners): void {
    const name = this.#result.#name;
    if (listeners.where().isBranch) listeners.race(name, this.#result);
    if (name !== undefined && !listeners.where().closed) listeners.listen(name);
  }

  #join(race: PlainRace, listeners: Listeners): void {
    // Whoever read the `constructor` last was taken for one that awaits.
    const read = this.#others.at(-1);
    race.join(() => {
      this.#others = this.#others.filter((other) => other !== read);
    });
    this.#heardBy.push(race);
    listeners.race(this.#result.#name, this.#result);
    void this.#derive(
      () => race.end(this.#result.#name, "fulfilled"),
      () => race.end(this.#result.#name, "rejected"),
    );
  }

  /** Goes on with what a callback has returned: whoever listens to this listens to that as well. */
  #follow<R>(next: R | PromiseLike<R>): R | PromiseLike<R> {
    if (!(next instanceof HeardPromise && next.#listeners)) return next;
    for (const promise of this.#chain()) promise.#result = next.#result;
    next.#heardBy.push(this);
    const name = next.#result.#name;
    next.#listeners.race(name, next.#result);
    if (name !== undefined && next.lostTo === undefined) next.#listeners.listen(name);
    return next.#derive();
  }

  /** This, and all that was made of it. */
  #chain(): ReadonlySet<HeardPromise<unknown>> {
    const chain = new Set<HeardPromise<unknown>>([this]);
    for (const promise of chain) {
      for (const by of promise.#heardBy) if (by instanceof HeardPromise) chain.add(by);
    }
    return chain;
  }

  /** Whether it has lost a plain race, and was awaited nowhere: an async function that awaits it in a branch may be shared. */
  get hasLostForSure(): boolean {
    return this.lostTo !== undefined && [...this.#chain()].every((promise) => promise.#others.length === 0);
  }

  get isListenedTo(): boolean {
    return this.#heardBy.length > 0 || this.#others.length > 0;
  }

  /** What came first instead; undefined while somebody still listens, be it by nothing more than a callback. */
  get lostTo(): string | undefined {
    let winner: string | undefined;
    for (const promise of this.#chain()) {
      for (const lostTo of promise.#lost(this.#name)) {
        if (lostTo === undefined) return undefined;
        winner = lostTo;
      }
    }
    return winner;
  }

  /** Of each that listens to this promise: what came first instead; undefined for those that still listen. */
  #lost(name: string | undefined): (string | undefined)[] {
    if (this.#heardBy.length === 0 && this.#others.length === 0) return [this.#scope?.lostTo];
    const races = this.#heardBy.filter((by) => by instanceof PlainRace);
    return [...this.#others.map(({ at }) => at.lostTo), ...races.map((race) => race.lostTo(name))];
  }
}

/** The listeners to the results that a handler has got in one pass. */
export class Listeners {
  /** Where in the handler the code is that runs. */
  readonly where: () => RunScope;
  readonly #races = new WeakMap<object, PlainRace>();
  /** The call that is being made. */
  #call: string | undefined;
  /** The promise whose `constructor` was read last, while no `then` followed. */
  resolved: HeardPromise<unknown> | undefined;
  readonly #racing = new Map<string, HeardPromise<unknown>>();

  /** The results of calls in branches. */
  readonly #made = new Map<string, HeardPromise<unknown>>();

  readonly #recall: (call: string) => void;
  /** Calls that were let go of with their branches. */
  readonly #gone = new Set<string>();

  /** @param recall called when something other than a branch that has lost listens to a call that was let go of */
  constructor(where: () => RunScope, recall: (call: string) => void) {
    this.where = where;
    this.#recall = recall;
  }

  /** Notes that a call was let go of with its branch. */
  letGo(call: string): void {
    const result = this.#racing.get(call) ?? this.#made.get(call);
    const isHeard = result?.isListenedTo && result.lostTo === undefined;
    if (isHeard) this.#recall(call);
    else this.#gone.add(call);
  }

  /** Notes that somebody listens to a call's result whom no race has left behind. */
  listen(call: string): void {
    if (this.#gone.delete(call)) this.#recall(call);
  }

  /** Makes a call and hands out its result. */
  hear<T>(call: () => Promise<T>, inBranch = false): Promise<T> {
    const outer = this.#call;
    this.#call = undefined;
    try {
      const result = call();
      const heard = HeardPromise.of(this, this.#call, result);
      if (inBranch && this.#call !== undefined) this.#made.set(this.#call, heard);
      return heard;
    } finally {
      this.#call = outer;
    }
  }

  /** Says which call is being made. */
  name(call: string): void {
    this.#call = call;
  }

  /** Whether any result is in a race, or is listened to in a branch of one, or was. */
  get raced(): boolean {
    return this.#racing.size > 0;
  }

  /** Notes that the result of a call is in a race, or what was made of it; or that a branch listens to it. */
  race(call: string | undefined, result: HeardPromise<unknown>): void {
    if (call !== undefined) this.#racing.set(call, result);
  }

  /** What came first, when a call's result was in races and nobody listens to it any more. */
  lostTo(call: string): string | undefined {
    return this.#racing.get(call)?.lostTo;
  }

  /** Whether it is certain that nobody listens any more. */
  hasLostForSure(call: string): boolean {
    return this.#racing.get(call)?.hasLostForSure ?? false;
  }

  /** The race that listens with these functions; two elements with the same resolving function are in the same one. */
  raceOf(resolve: unknown, reject: unknown): PlainRace | undefined {
    if (!isResolvingFunction(resolve) || !isResolvingFunction(reject)) return undefined;
    const race = this.#races.get(resolve) ?? new PlainRace(this.where());
    this.#races.set(resolve, race);
    race.add(reject);
    return race;
  }
}

/** Made by CreateResolvingFunctions and the like: built in, and without a name, which bound functions have. */
function isResolvingFunction(listener: unknown): listener is object {
  if (typeof listener !== "function" || listener.name !== "") return false;
  return /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(listener));
}
