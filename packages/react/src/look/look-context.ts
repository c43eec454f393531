"use client";
import { createContext, useContext } from "react";
import { type Look, type LookOptions, resolveLook } from "./look.ts";

/** What the host said, so that a provider further in can add to it. */
export const LookContext = createContext<LookOptions>({});

/** Looks are resolved once per options object, also for components without a provider, which share the default. */
const resolved = new WeakMap<LookOptions, Look>();

/** The look that the nearest provider asks for. */
export function useLook(): Look {
  const options = useContext(LookContext);
  const known = resolved.get(options);
  if (known) return known;
  const look = resolveLook(options);
  resolved.set(options, look);
  return look;
}
