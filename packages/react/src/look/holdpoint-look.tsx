"use client";
import { type ReactElement, type ReactNode, useContext, useMemo } from "react";
import { type LookOptions, mergeLook } from "./look.ts";
import { LookContext } from "./look-context.ts";

/** Props of {@link HoldpointLook}. */
export interface HoldpointLookProps extends LookOptions {
  children?: ReactNode;
}

/** Says how the kit looks and reads below it: language, texts, classes, renderers, colours. Renders no element. */
export function HoldpointLook({ children, ...options }: HoldpointLookProps): ReactElement {
  const outer = useContext(LookContext);
  const { locale, dir, timeZone, messages, renderers, classNames, colorScheme, now } = options;
  const look = useMemo(
    () => mergeLook(outer, { locale, dir, timeZone, messages, renderers, classNames, colorScheme, now }),
    [outer, locale, dir, timeZone, messages, renderers, classNames, colorScheme, now],
  );
  return <LookContext.Provider value={look}>{children}</LookContext.Provider>;
}
