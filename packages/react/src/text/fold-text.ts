/** A text cut to what is shown at first. */
export interface FoldedText {
  shown: string;
  /** Lines left out, by estimate; 0 when everything is shown. */
  hiddenLines: number;
}

/** Characters that fit a line, roughly; long lines wrap and count as several. */
const lineLength = 90;

/** Cuts a text to about `maxLines` lines, unless that would hide less than a quarter more. */
export function foldText(text: string, maxLines: number): FoldedText {
  const total = lineCount(text);
  if (total <= maxLines * 1.25) return { shown: text, hiddenLines: 0 };
  const shown = firstLines(text, maxLines);
  return { shown, hiddenLines: total - lineCount(shown) };
}

function lineCount(text: string): number {
  return text.split("\n").reduce((sum, line) => sum + rowsOf(line), 0);
}

function rowsOf(line: string): number {
  return Math.max(1, Math.ceil(line.length / lineLength));
}

function firstLines(text: string, maxLines: number): string {
  const kept: string[] = [];
  let room = maxLines;
  for (const line of text.split("\n")) {
    if (room <= 0) break;
    kept.push(line.slice(0, room * lineLength));
    room -= rowsOf(line);
  }
  return kept.join("\n");
}
