"use client";
import { useLook } from "./look-context.ts";

/** What the outermost element of a component carries: the class that scopes the tokens, direction, language, theme. */
export interface RootProps {
  dir?: "ltr" | "rtl";
  lang?: string;
  "data-theme"?: "light" | "dark";
}

/** Attributes of an `.hp-root` element. */
export function useRootProps(): RootProps {
  const { dir, locale, colorScheme } = useLook();
  return { dir, lang: locale, "data-theme": colorScheme === "auto" ? undefined : colorScheme };
}
