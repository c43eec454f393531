import type { Clock } from "./clock.ts";

/** How long something that nobody watches is kept, ms, in case somebody comes back. */
const lingerMs = 30_000;

/**
 * Things by key, kept while somebody watches them and a little longer. A key has one thing, or more when an old one is
 * watched again after another has taken its place.
 */
export class Lingering<T> {
  readonly #clock: Clock;
  readonly #onGone: (thing: T) => void;
  readonly #kept = new Map<string, Set<T>>();
  /** Things that nobody watches, and since when, ms; the longest unwatched first. */
  readonly #unwatched = new Map<T, { key: string; since: number }>();

  /** @param onGone told what is not kept any more; it may still be watched later */
  constructor(clock: Clock, onGone: (thing: T) => void = () => undefined) {
    this.#clock = clock;
    this.#onGone = onGone;
  }

  /** The thing to use for a key. */
  get(key: string): T | undefined {
    for (const thing of this.of(key)) return thing;
    return undefined;
  }

  /** Everything that is kept under a key. */
  of(key: string): ReadonlySet<T> {
    return this.#kept.get(key) ?? new Set();
  }

  *values(): IterableIterator<T> {
    for (const things of this.#kept.values()) yield* things;
  }

  /** Keeps a thing from now on, watched or not. */
  keep(key: string, thing: T, watched: boolean): void {
    this.#kept.set(key, new Set(this.of(key)).add(thing));
    this.#unwatched.delete(thing);
    if (!watched) this.#unwatched.set(thing, { key, since: this.#clock.now() });
    this.#sweep();
  }

  #sweep(): void {
    for (const [thing, { key, since }] of this.#unwatched) {
      if (this.#clock.now() - since < lingerMs) return;
      this.#unwatched.delete(thing);
      this.#drop(key, thing);
      this.#onGone(thing);
    }
  }

  #drop(key: string, thing: T): void {
    const others = new Set(this.of(key));
    others.delete(thing);
    if (others.size > 0) this.#kept.set(key, others);
    else this.#kept.delete(key);
  }
}
