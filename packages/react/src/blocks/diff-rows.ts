import { type ChangeObject, diffLines, diffWordsWithSpace } from "diff";
import { type DiffLine, type DiffPart, wholeLines } from "./diff-lines.tsx";

/** What a diff is drawn from: lines, and runs of unchanged lines that are folded away. */
export type DiffRow = DiffLine | { kind: "fold"; lines: DiffLine[] };

/** Unchanged lines kept on either side of a change. */
const context = 2;

/** Edits after which a comparison is given up, so that hostile input can't stall the page. */
const maxEditLength = 1_500;

/** Compares two texts by line, and within changed lines by word. */
export function diffRows(before: string, after: string): DiffRow[] {
  return foldUnchanged(diffedLines(before, after));
}

function diffedLines(before: string, after: string): DiffLine[] {
  const changes = diffLines(endLine(before), endLine(after), { maxEditLength });
  if (!changes) return [...wholeLines(before, "removed"), ...wholeLines(after, "added")];
  return changes.flatMap((change, i) => {
    const previous = changes[i - 1];
    const next = changes[i + 1];
    if (change.removed && next?.added) return pairedLines(change, next);
    if (change.added && previous?.removed) return [];
    return wholeLines(change.value, kindOf(change));
  });
}

/** Removed lines, then the added ones in their place, each compared by word with its counterpart. */
function pairedLines(removed: ChangeObject<string>, added: ChangeObject<string>): DiffLine[] {
  const before = linesOf(removed.value);
  const after = linesOf(added.value);
  const pairs = before.map((line, i) => wordParts(line, after[i]));
  return [
    ...before.map((text, i) => ({ kind: "removed" as const, parts: pairs[i]?.before ?? whole(text) })),
    ...after.map((text, i) => ({ kind: "added" as const, parts: pairs[i]?.after ?? whole(text) })),
  ];
}

function wordParts(before: string, after: string | undefined): { before: DiffPart[]; after: DiffPart[] } | undefined {
  const words = after === undefined ? undefined : diffWordsWithSpace(before, after, { maxEditLength });
  if (!words?.some((word) => !word.added && !word.removed && word.value.trim() !== "")) return undefined;
  const side = (other: "added" | "removed") =>
    words.filter((word) => !word[other]).map((word) => ({ text: word.value, changed: word.added || word.removed }));
  return { before: side("added"), after: side("removed") };
}

function foldUnchanged(lines: DiffLine[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let start = 0;
  while (start < lines.length) {
    const end = runEnd(lines, start);
    const run = lines.slice(start, end);
    const head = start === 0 ? 0 : context;
    const tail = end === lines.length ? 0 : context;
    const foldable = run[0]?.kind === "same" && run.length > head + tail + 1;
    rows.push(...(foldable ? folded(run, head, tail) : run));
    start = end;
  }
  return rows;
}

function folded(run: DiffLine[], head: number, tail: number): DiffRow[] {
  const end = run.length - tail;
  return [...run.slice(0, head), { kind: "fold", lines: run.slice(head, end) }, ...run.slice(end)];
}

/** Where the run of same or of changed lines that begins at `start` ends. */
function runEnd(lines: DiffLine[], start: number): number {
  const same = lines[start]?.kind === "same";
  const end = lines.findIndex((line, i) => i > start && (line.kind === "same") !== same);
  return end === -1 ? lines.length : end;
}

function whole(text: string): DiffPart[] {
  return [{ text, changed: false }];
}

function kindOf(change: ChangeObject<string>): DiffLine["kind"] {
  if (change.added) return "added";
  return change.removed ? "removed" : "same";
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** A last line without an end would differ from the same line with one. */
function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
