/** What a page knows about being looked at and being online. */
export interface Environment {
  /** False only when there is certainly no network. */
  online(): boolean;
  /** Calls `listener` when there may be something to catch up on: the page is shown, or the network is back. */
  onWake(listener: () => void): () => void;
  /** Calls `listener` when the network went away. */
  onOffline(listener: () => void): () => void;
}

const wakeEvents = ["online", "focus", "pageshow"] as const;

/** The browser's page; elsewhere an environment that is online and never sleeps. */
export function pageEnvironment(): Environment {
  if (typeof window === "undefined" || typeof document === "undefined") {
    return { online: () => true, onWake: () => () => {}, onOffline: () => () => {} };
  }
  return {
    online: () => navigator.onLine,
    onWake(listener) {
      const whenVisible = () => document.visibilityState === "visible" && listener();
      for (const event of wakeEvents) window.addEventListener(event, listener);
      document.addEventListener("visibilitychange", whenVisible);
      return () => {
        for (const event of wakeEvents) window.removeEventListener(event, listener);
        document.removeEventListener("visibilitychange", whenVisible);
      };
    },
    onOffline(listener) {
      window.addEventListener("offline", listener);
      return () => window.removeEventListener("offline", listener);
    },
  };
}
