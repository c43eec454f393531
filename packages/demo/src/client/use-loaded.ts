import { useCallback, useEffect, useState } from "react";

/** What a page loads and keeps current. */
export interface Loaded<Value> {
  /** The last value that arrived; absent until the first one did. */
  value?: Value;
  /** Why the last attempt failed; the value before it stays. */
  error?: Error;
  reload(): void;
}

/**
 * Loads a value, again after `everyMs` while the window is visible, and at once on `reload`.
 *
 * @param load memoised by the caller; another function means another value, so the old one is forgotten
 */
export function useLoaded<Value>(load: (signal: AbortSignal) => Promise<Value>, everyMs: number): Loaded<Value> {
  const [state, setState] = useState<{ of: unknown; value?: Value; error?: Error }>({ of: load });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((last) => last + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn loads again
  useEffect(() => {
    const giveUp = new AbortController();
    load(giveUp.signal).then(
      (value) => setState({ of: load, value }),
      (error: Error) => {
        if (giveUp.signal.aborted) return;
        setState((last) => ({ of: load, value: last.of === load ? last.value : undefined, error }));
      },
    );
    const again = setInterval(() => document.visibilityState === "visible" && reload(), everyMs);
    return () => {
      clearInterval(again);
      giveUp.abort();
    };
  }, [load, everyMs, reload, turn]);

  return state.of === load ? { value: state.value, error: state.error, reload } : { reload };
}
