"use client";
import type { LiveStore } from "@holdpoint/client";
import type { Approval, HoldpointError } from "@holdpoint/core";
import { createContext, useContext } from "react";

/** What the host of a provider wants to hear. */
export interface ResponseListener {
  /** A response of this viewer was acknowledged. */
  onResponded?: (approval: Approval) => void;
  /** A response of this viewer failed. The card shows it too. */
  onError?: (error: HoldpointError) => void;
}

/** What a provider offers. */
export interface ProvidedStore {
  store: LiveStore;
  /** As the host's last render gave it. */
  listener: () => ResponseListener;
}

/** Undefined without a provider. */
export const StoreContext = createContext<ProvidedStore | undefined>(undefined);

/** The live store, or undefined without a provider. */
export function useOptionalStore(): LiveStore | undefined {
  return useContext(StoreContext)?.store;
}

/**
 * What the provider around offers.
 *
 * @throws {Error} without a provider
 */
export function useProvided(): ProvidedStore {
  const provided = useContext(StoreContext);
  if (!provided) throw new Error("There is no <HoldpointProvider> around: add one, or give the card its approval.");
  return provided;
}

/**
 * The live store of the provider around, for hooks of one's own.
 *
 * @throws {Error} without a provider
 */
export function useStore(): LiveStore {
  return useProvided().store;
}
