import type { TestHoldpoint, TestPerson } from "@holdpoint/server/testing";
import { createLiveStore, type LiveStore, type LiveStoreOptions } from "./live-store.ts";

/** A started live store; disposing of it stops it. */
export interface TestStore extends LiveStore, Disposable {}

/** Starts a store for somebody. Attempts follow each other fast unless `random` says otherwise. */
export function startStore(
  holdpoint: Pick<TestHoldpoint, "url" | "token">,
  id: string,
  { person, ...options }: Partial<LiveStoreOptions> & { person?: TestPerson } = {},
): TestStore {
  const store = createLiveStore({
    url: holdpoint.url,
    getToken: () => holdpoint.token(id, person),
    random: () => 0.02,
    ...options,
  });
  store.start();
  return Object.assign(store, { [Symbol.dispose]: () => store.stop() });
}

/** Keeps something readable watched, as a component does. */
export function watch(readable: { subscribe(listener: () => void): () => void }): Disposable {
  const unsubscribe = readable.subscribe(() => undefined);
  return { [Symbol.dispose]: unsubscribe };
}
