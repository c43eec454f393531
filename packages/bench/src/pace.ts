import { setTimeout as sleep } from "node:timers/promises";

/**
 * Starts `work(i)` at a fixed rate, whether or not the calls before have ended, so that a slow answer can't slow the
 * load down and hide itself. Returns how long each call took, in milliseconds, counted from its start.
 */
export async function atRate(
  perSecond: number,
  count: number,
  work: (i: number) => Promise<unknown>,
): Promise<number[]> {
  const start = performance.now();
  const calls: Promise<number>[] = [];
  for (let i = 0; i < count; i++) {
    const due = start + (i * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    const begun = performance.now();
    calls.push(work(i).then(() => performance.now() - begun));
  }
  return Promise.all(calls);
}

/** Keeps `width` calls of `work` going until `count` have ended; returns calls per second. */
export async function closedLoop(width: number, count: number, work: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const start = performance.now();
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return (count * 1000) / (performance.now() - start);
}
