import type { Outcome } from "../approval/decision.ts";

/** What the model gets instead of a result when a call wasn't approved, so that it looks for another way. */
export interface ToolRefusal {
  status: "rejected" | "timed_out" | "cancelled";
  /** The reviewer's words. */
  reason?: string;
  /** What happened and what to do, for the model. */
  message: string;
}

/** What the model gets when a call could not be made or went wrong. */
export interface ToolFailure {
  error: string;
}

/** Tells a model that nobody was asked and nothing executed, because of what it gave. */
export function argumentsFailure(tool: string, problem: string): ToolFailure {
  return { error: `The arguments of ${tool} can't be used: ${sentence(problem)}` };
}

/** Tells a model that its call wasn't approved. Nobody having answered is told apart from somebody having said no. */
export function toolRefusal(tool: string, { status, reason }: Pick<Outcome, "status" | "reason">): ToolRefusal {
  const advice = `It was not executed. Don't call ${tool} with the same arguments again; choose a different approach.`;
  switch (status) {
    case "timed_out":
      return { status, ...(reason && { reason }), message: `Nobody approved ${tool} in time. ${advice}` };
    case "cancelled":
      return { status, ...(reason && { reason }), message: `The request to approve ${tool} was withdrawn. ${advice}` };
    default: {
      const said = reason ?? "No reason provided";
      return { status: "rejected", reason: said, message: `A reviewer rejected ${tool}: ${sentence(said)} ${advice}` };
    }
  }
}

/** Words of others end with a full stop of their own, or not. */
function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}
