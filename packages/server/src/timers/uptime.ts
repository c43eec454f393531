/** Looks are at most 15 s apart; after this long without one, in ms, the process was away or the clock has jumped. */
const longestGapMs = 60_000;

/**
 * Since when this server could take heartbeats without a break. It can't tell what others take meanwhile: a server that
 * was down itself gives requesters the benefit of the doubt.
 */
export class Uptime {
  #since: string | undefined;
  #seen: string | undefined;

  /** ISO 8601; undefined before the first look. */
  get since(): string | undefined {
    return this.#since;
  }

  /** Looks into the database; when that fails the server isn't up. */
  async during<T>(now: string, look: () => Promise<T>): Promise<T> {
    const gapMs = this.#seen === undefined ? Number.POSITIVE_INFINITY : Date.parse(now) - Date.parse(this.#seen);
    if (Math.abs(gapMs) > longestGapMs) this.#since = now;
    this.#seen = undefined;
    const found = await look();
    this.#seen = now;
    return found;
  }
}
