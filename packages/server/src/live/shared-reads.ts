/**
 * Reads that many viewers need at once, each done once: whoever asks for a key while its read is under way, or until
 * `clear`, gets the same answer.
 */
export class SharedReads {
  readonly #capacity: number;
  #reads = new Map<string, Promise<unknown>>();

  /** @param capacity answers kept; the oldest go first */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The answer for `key`, which stands for one type of answer. */
  get<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#reads.get(key);
    if (known) return known as Promise<T>;
    const reads = this.#reads;
    const answer = read();
    reads.set(key, answer);
    answer.catch(() => reads.delete(key));
    const oldest = reads.keys().next();
    if (reads.size > this.#capacity && !oldest.done) reads.delete(oldest.value);
    return answer;
  }

  clear(): void {
    if (this.#reads.size > 0) this.#reads = new Map();
  }
}
