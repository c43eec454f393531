import type { StepKind } from "@holdpoint/core";
import type { PassParts } from "./pass-parts.ts";
import type { Dropped } from "./withdraw-steps.ts";

/** A gate that nobody listens to any more, and why. */
export type LostGate = Pick<Dropped, "reason"> & { name: string };

/**
 * The open gates that have lost a plain `Promise.race` or `Promise.any`, once all that the handler waits for are other
 * waits. While it waits for a step it may yet listen again: a loop that reminds people between two races does.
 */
export function lostGates({ calls, history, listeners }: PassParts): LostGate[] {
  if (!listeners.raced) return [];
  const open = calls.names.map((name) => ({ name, kind: history.get(name)?.kind, winner: listeners.lostTo(name) }));
  const heard = open.filter(({ winner }) => winner === undefined);
  if (heard.length === 0 || heard.some(({ kind }) => kind === undefined || kind === "step")) return [];
  return open.flatMap(({ name, kind, winner }) =>
    // One that has ended is kept back from the handler by a turn before it: nothing is left to withdraw.
    winner !== undefined && isGate(kind) && history.get(name)?.settled === undefined
      ? { name, reason: wentOnWithout(winner) }
      : [],
  );
}

/**
 * Those of these waits to which nobody listens any more and that are for one of these events. One that was given its event
 * after it had lost keeps it from no other wait.
 */
export function lostEvents({ history, listeners }: PassParts, names: readonly string[], events: ReadonlySet<string>) {
  return names.filter((name) => {
    const event = history.get(name)?.event;
    return event !== undefined && events.has(event.name) && listeners.lostTo(name) !== undefined;
  });
}

/** Whether a call ends by time and nobody listens to that: it need not wake the run. */
export function isLostTimer({ history, listeners }: PassParts, name: string): boolean {
  const kind = history.get(name)?.kind;
  return (kind === "sleep" || kind === "event") && listeners.hasLostForSure(name);
}

/** Whether people are asked there. */
export function isGate(kind: StepKind | undefined): boolean {
  return kind === "approval" || kind === "question";
}

/** Why what has lost a race is withdrawn. */
export function wentOnWithout(winner: string): string {
  return `The run went on without this${winner && `: "${winner}" came first`}.`;
}
