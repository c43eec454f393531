import type { Json, Outcome, RunStep } from "@holdpoint/core";

/** What a run keeps of how a gate ended, as far as it is shown. */
export type GateOutcome = Pick<Outcome, "status" | "approved" | "decidedBy" | "reason" | "escalated" | "edited">;

const gates = new Set<string>(["approval", "question"]);

/** How the gate of a step ended, as its output says; undefined while it waits and for steps that are no gates. */
export function gateOutcome({ kind, output }: RunStep): GateOutcome | undefined {
  if (!gates.has(kind) || !isOutcome(output)) return undefined;
  return output;
}

/** Outputs come over the wire: nothing is taken for granted. */
function isOutcome(output: Json | undefined): output is Json & GateOutcome {
  if (typeof output !== "object" || output === null || Array.isArray(output)) return false;
  const { status, approved, decidedBy } = output;
  return typeof status === "string" && typeof approved === "boolean" && Array.isArray(decidedBy);
}
