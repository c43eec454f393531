import { inPowersOfTwo, largestPiece } from "../in-powers-of-two.ts";

interface Call<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** How a batch is written: a result, or an error, for each item in its order. */
export type WriteBatch<Item, Result> = (items: readonly Item[]) => Promise<readonly (Result | Error)[]>;

/**
 * Gathers calls that come in one turn of the event loop, or while others are being made, and makes them together: under
 * load a batch costs little more than one call, and a call that comes alone waits for nobody.
 */
export class Together<Item, Result> {
  readonly #write: WriteBatch<Item, Result>;
  readonly #key: (item: Item) => string;
  #waiting: Call<Item, Result>[] = [];
  #busy = false;

  /** @param key calls with the same key are made one after the other */
  constructor(key: (item: Item) => string, write: WriteBatch<Item, Result>) {
    this.#key = key;
    this.#write = write;
  }

  call(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      setImmediate(() => void this.#drain());
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await Promise.all(inPowersOfTwo(this.#take()).map((batch) => this.#make(batch)));
    this.#busy = false;
  }

  #take(): Call<Item, Result>[] {
    const taken = new Map<string, Call<Item, Result>>();
    this.#waiting = this.#waiting.filter((call) => {
      const key = this.#key(call.item);
      if (taken.size === largestPiece || taken.has(key)) return true;
      taken.set(key, call);
      return false;
    });
    return [...taken.values()];
  }

  async #make(batch: readonly Call<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#write(batch.map(({ item }) => item));
      for (const [i, result] of results.entries()) {
        if (result instanceof Error) batch[i]?.reject(result);
        else batch[i]?.resolve(result);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
