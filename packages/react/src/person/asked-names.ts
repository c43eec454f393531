import type { Stage } from "@holdpoint/core";
import type { Translate } from "../messages/messages.ts";
import { visibleText } from "../text/visible-text.ts";

/** Whom a stage asks: by its own name, or its people and groups by theirs. */
export function askedNames({ name, users, groups }: Stage, t: Translate): string[] {
  if (name) return [visibleText(name)];
  return [...users.map(visibleText), ...groups.map((group) => String(t("stage.group", { name: visibleText(group) })))];
}
