/** The longest title that an approval takes, in characters. */
const longest = 200;

/**
 * A text as the title of an approval, which takes 200 characters: a longer one is cut and ends with “…”. It isn't cut
 * within a character that takes two places, such as an emoji, which no approval could hold.
 */
export function clippedTitle(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : text;
}
