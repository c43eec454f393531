import type { Person } from "@holdpoint/core";
import { visibleText } from "../text/visible-text.ts";

/** What to call somebody. */
export function personName({ id, name }: Person): string {
  return visibleText(name || id);
}

/** One or two letters for somebody's avatar. */
export function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  const first = words[0] ?? "";
  const last = words.length > 1 ? (words.at(-1) ?? "") : "";
  return `${[...first][0] ?? ""}${[...last][0] ?? ""}`.toUpperCase();
}

/** One of six hues, always the same for the same person. */
export function hueOf(id: string): number {
  return [...id].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973, 7) % 6;
}
