/** A value that changes: fits React's `useSyncExternalStore` and anything else that subscribes and reads. */
export interface Readable<T> {
  /** The value now. The same reference until it changes. */
  get(): T;
  /** Calls `listener` after each change; returns how to stop. */
  subscribe(listener: () => void): () => void;
}

/** A {@link Readable} that its owner sets. */
export interface Cell<T> extends Readable<T> {
  set(value: T): void;
}

/** The listeners of a cell; lets its owner work only while there are any. */
export interface CellOptions {
  /** The first listener came. */
  onWatched?: () => void;
  /** The last listener left. */
  onUnwatched?: () => void;
}

/** Holds `value` and tells its listeners when another one is set. */
export function createCell<T>(value: T, options: CellOptions = {}): Cell<T> {
  const listeners = new Set<{ listener: () => void }>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const entry of [...listeners]) entry.listener();
    },
    subscribe(listener) {
      const entry = { listener };
      listeners.add(entry);
      if (listeners.size === 1) options.onWatched?.();
      return () => {
        if (listeners.delete(entry) && listeners.size === 0) options.onUnwatched?.();
      };
    },
  };
}
