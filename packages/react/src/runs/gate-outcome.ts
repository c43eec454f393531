import type { Json, Outcome, RunStep } from "@holdpoint/core";

const gates = new Set<string>(["approval", "question"]);

/** How the gate of a step ended, as its output says; undefined while it waits and for steps that are no gates. */
export function gateOutcome({ kind, output }: RunStep): Pick<Outcome, "status" | "decidedBy" | "reason"> | undefined {
  if (!gates.has(kind) || !isOutcome(output)) return undefined;
  return output;
}

/** Outputs come over the wire: nothing is taken for granted. */
function isOutcome(output: Json | undefined): output is Json & Pick<Outcome, "status" | "decidedBy" | "reason"> {
  if (typeof output !== "object" || output === null || Array.isArray(output)) return false;
  return typeof output.status === "string" && Array.isArray(output.decidedBy);
}
