/** Items in a piece at most. */
export const largestPiece = 64;

/** Splits a list into pieces of 64, 32, 16 ... items, so that there are few statements to prepare. */
export function inPowersOfTwo<T>(items: readonly T[]): T[][] {
  const pieces: T[][] = [];
  for (let start = 0; start < items.length; start += pieces.at(-1)?.length ?? 0) {
    const size = Math.min(largestPiece, 2 ** Math.floor(Math.log2(items.length - start)));
    pieces.push(items.slice(start, start + size));
  }
  return pieces;
}
