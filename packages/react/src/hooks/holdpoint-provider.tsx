"use client";
import {
  createLiveStore,
  type DraftStorage,
  type LiveStoreOptions,
  type TokenReason,
  type Transport,
} from "@holdpoint/client";
import { type ReactElement, type ReactNode, useEffect, useMemo, useRef } from "react";
import { type ResponseListener, StoreContext } from "./store-context.ts";

/** Props of {@link HoldpointProvider}. */
export interface HoldpointProviderProps extends ResponseListener, Pick<LiveStoreOptions, "initialData"> {
  /** Where the server is mounted, such as `/api`. */
  url?: string;
  /** A token for the signed-in person; left out, cookies say who it is. Asked again when one runs out. */
  getToken?: (context: { reason: TokenReason }) => string | null | Promise<string | null>;
  /** Whose session it is: when it changes, everything held is dropped and the store reconnects. */
  sessionKey?: string;
  /** While false nothing is requested and no line is open. Default true. */
  enabled?: boolean;
  /** In place of `url` and `getToken`, such as the one of `@holdpoint/react/testing`. */
  transport?: Transport;
  /** Where drafts outlive a reload; default the browser's `sessionStorage`. Null keeps them in memory only. */
  draftStorage?: DraftStorage | null;
  children?: ReactNode;
}

/** Connects everything below it to a server, live. Renders no element. */
export function HoldpointProvider(props: HoldpointProviderProps): ReactElement {
  const { url, transport, sessionKey, enabled = true, draftStorage, children } = props;
  const latest = useRef(props);
  latest.current = props;

  // A new server or session is a new store; how to get a token and the first data are read when they are needed.
  const provided = useMemo(() => {
    const { getToken, initialData } = latest.current;
    const store = createLiveStore({
      ...(transport
        ? { transport }
        : { url: url ?? "", getToken: getToken && (async (why) => tokenOf(latest.current, why)) }),
      sessionKey,
      initialData,
      draftStorage: draftStorage === undefined ? pageStorage() : (draftStorage ?? undefined),
    });
    return { store, listener: () => latest.current };
  }, [url, transport, sessionKey, draftStorage]);

  useEffect(() => {
    if (!enabled) return;
    provided.store.start();
    return () => provided.store.stop();
  }, [provided, enabled]);

  return <StoreContext.Provider value={provided}>{children}</StoreContext.Provider>;
}

async function tokenOf({ getToken }: HoldpointProviderProps, why: { reason: TokenReason }): Promise<string | null> {
  return (await getToken?.(why)) ?? null;
}

/** The browser's storage for this tab: it may be forbidden, and a server has none. */
function pageStorage(): DraftStorage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
