/**
 * Does work with a signal that is aborted when the first of others is. They may live as long as the server does: nothing
 * of it stays on them once the work has ended, even if something still listens, as it would with `AbortSignal.any`.
 */
export async function withAnySignal<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const letGo = signals.map((signal) => signal && follow(signal, controller));
  try {
    return await work(controller.signal);
  } finally {
    for (const stop of letGo) stop?.();
  }
}

/** @returns how to stop */
function follow(signal: AbortSignal, controller: AbortController): () => void {
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  return () => signal.removeEventListener("abort", abort);
}
