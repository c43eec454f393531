import { HoldpointError } from "@holdpoint/core";
import type { Store } from "./store/store.ts";

/** A store that can be handed out before it is open; until then its use is refused as `unavailable`. */
export interface StoreHandle {
  readonly store: Store;
  open(opened: Store): void;
  /** Closes the store and waits for writes in flight; does nothing when it isn't open. */
  close(): Promise<void>;
}

export function createStoreHandle(): StoreHandle {
  let opened: Store | undefined;
  const current = (): Store => {
    if (opened) return opened;
    throw new HoldpointError(
      "unavailable",
      "Holdpoint is not running: its start() has not been awaited, or it stopped.",
    );
  };
  return {
    store: {
      get engine() {
        return current().engine;
      },
      get reader() {
        return current().reader;
      },
      write: async (work) => current().write(work),
      onCommit: (listener) => current().onCommit(listener),
      ping: async () => current().ping(),
      close: async () => current().close(),
    },
    open(store) {
      opened = store;
    },
    async close() {
      const closing = opened;
      opened = undefined;
      await closing?.close();
    },
  };
}
