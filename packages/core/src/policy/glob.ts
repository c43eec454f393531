/**
 * Whether the whole of `text` is like `glob`, in which `*` stands for any characters, also none. Everything else stands
 * for itself, in the same case. Takes no longer than the product of the two lengths, whatever they are.
 */
export function isLike(text: string, glob: string): boolean {
  const [first = "", ...others] = glob.split("*");
  const last = others.pop();
  if (last === undefined) return text === glob;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of others) {
    const at = text.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
