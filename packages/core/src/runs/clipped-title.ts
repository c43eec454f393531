/** The longest title that an approval takes, in characters. */
const longest = 200;

/** A text as a title: cut where it is too long, but not within a character that takes two places. */
export function clippedTitle(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : text;
}
