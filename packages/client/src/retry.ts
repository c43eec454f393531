import { type Backoff, fullJitter } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { isTransient } from "./response-error.ts";

/** What retrying works with. */
export interface RetryOptions {
  clock: Clock;
  random: () => number;
  signal?: AbortSignal;
}

/** Attempts in all. */
const mostAttempts = 3;
const backoff: Backoff = { baseMs: 400, capMs: 2_000 };

/** Does `work` again, a little later, when the server could not be reached. Only for what may be done twice. */
export async function retrying<T>(work: () => Promise<T>, options: RetryOptions, failures = 0): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isTransient(error) || failures + 1 === mostAttempts) throw error;
  }
  await pause(fullJitter(failures + 1, backoff, options.random), options);
  return retrying(work, options, failures + 1);
}

function pause(ms: number, { clock, signal }: RetryOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener("abort", abort, { once: true });
  });
}
