/**
 * A result as a handler gets it: a promise that knows who listens to it, so that a gate that has lost a plain
 * `Promise.race` or `Promise.any` can be told from one that is still waited for. ECMA-262 says what listeners do:
 *
 * - PerformPromiseRace and PerformPromiseAny hand each element to PromiseResolve, which reads its `constructor` and returns
 *   the element itself if that is Promise; then they call its `then`, with one and the same resolving function for all.
 *   PerformPromiseAll and PerformPromiseAllSettled do the same, but with a function for each.
 * - Await hands it to PromiseResolve too, and listens by PerformPromiseThen: no call of `then` follows.
 * - Whoever else listens calls `then`.
 *
 * `then` itself reads `constructor` once more, by SpeciesConstructor; what it returns is an ordinary promise.
 */
class HeardPromise<T> extends Promise<T> {
  /** The call that this is the result of; a race of branches has none. */
  readonly #name: string | undefined;
  readonly #listeners: Listeners | undefined;
  readonly #races: Race[] = [];
  /** How many listen otherwise. */
  #others = 0;

  constructor(listeners: Listeners, name: string | undefined, result: Promise<T>) {
    super((resolve, reject) => void result.then(resolve, reject));
    this.#name = name;
    // A handler may look at a result long after it came; until then a failure must not end the process. Nobody listens
    // here, hence before anything is counted.
    super.then(undefined, () => undefined);
    this.#listeners = listeners;
  }

  /** Counts those that are about to listen. */
  // biome-ignore lint/complexity/useLiteralKeys: without the brackets it isn't allowed in a class.
  override get ["constructor"](): PromiseConstructor {
    if (#listeners in this && this.#listeners) {
      this.#others += 1;
      this.#listeners.resolved = this;
    }
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: a promise has one.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const race = this.#listeners?.resolved === this ? this.#listeners.raceOf(onFulfilled, onRejected) : undefined;
    // The race has read the constructor just before, and was taken for one that awaits.
    const others = this.#others + (race ? -1 : 1);
    if (race) this.#join(race);
    const derived = super.then(onFulfilled, onRejected);
    this.#others = others;
    if (this.#listeners) this.#listeners.resolved = undefined;
    return derived;
  }

  #join(race: Race): void {
    this.#races.push(race);
    if (this.#name !== undefined) this.#listeners?.racing.set(this.#name, this);
    super.then(
      () => race.end(this.#name ?? "", "fulfilled"),
      () => race.end(this.#name ?? "", "rejected"),
    );
  }

  /** What came first instead; undefined while somebody still listens. */
  get lostTo(): string | undefined {
    if (this.#others > 0 || this.#races.some(({ winner }) => winner === undefined)) return undefined;
    return this.#races.at(-1)?.winner;
  }
}

/** A race, as far as its members are results of the run. */
class Race {
  readonly #rejecting = new Set<unknown>();
  /** The name of the member that ended it; empty when that has none. */
  winner: string | undefined;

  /** Adds what a member would reject it by. */
  add(reject: unknown): void {
    this.#rejecting.add(reject);
  }

  /** Takes in how a member has ended. `Promise.any` has a rejecting function for each, and goes on after a rejection. */
  end(name: string, how: "fulfilled" | "rejected"): void {
    if (how === "fulfilled" || this.#rejecting.size === 1) this.winner ??= name;
  }
}

/** Who listens to the results that a handler has got in one pass. */
export class Listeners {
  readonly #races = new WeakMap<object, Race>();
  /** The call that is being made. */
  #call: string | undefined;
  /** The promise whose `constructor` was read last, while no `then` followed. */
  resolved: HeardPromise<unknown> | undefined;
  /** Those that are, or were, in a race, by the names of their calls. */
  readonly racing = new Map<string, HeardPromise<unknown>>();

  /** Makes a call and hands out its result. */
  hear<T>(call: () => Promise<T>): Promise<T> {
    const outer = this.#call;
    this.#call = undefined;
    try {
      const result = call();
      return new HeardPromise(this, this.#call, result);
    } finally {
      this.#call = outer;
    }
  }

  /** Says which call is being made. */
  name(call: string): void {
    this.#call = call;
  }

  /** What came first, when a call's result was in races and nobody listens to it any more. */
  lostTo(call: string): string | undefined {
    return this.racing.get(call)?.lostTo;
  }

  /** The race that listens with these functions; two elements with the same resolving function are in the same one. */
  raceOf(resolve: unknown, reject: unknown): Race | undefined {
    if (!isResolvingFunction(resolve) || !isResolvingFunction(reject)) return undefined;
    const race = this.#races.get(resolve) ?? new Race();
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
