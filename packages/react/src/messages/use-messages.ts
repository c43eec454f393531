"use client";
import { useLook } from "../look/look-context.ts";
import type { Translate } from "./messages.ts";

/** The kit's texts: `t("inbox.newItems", { count })`. */
export function useMessages(): Translate {
  return useLook().t;
}
