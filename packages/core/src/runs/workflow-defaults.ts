import type { ApprovalRequest } from "../approval/approval-request.ts";
import { withoutUndefined } from "../json/json.ts";
import type { Duration } from "../time/duration.ts";
import { mergedLadder } from "../time/ladder.ts";
import type { GateTimeout, WorkflowDefaults } from "./workflow.ts";

/** A request before its workflow has had its say. */
type Undefaulted = Omit<Partial<ApprovalRequest>, "timeout"> & GateTimeout;

/**
 * A gate's request with its workflow's defaults where it says nothing itself. Of the defaults there is left out what the
 * gate's own words leave no room for: rungs that would come after its timeout, and a yes to a question by `onTimeout`.
 */
export function withDefaults<Request extends Undefaulted>(
  request: Request,
  { ladder, onTimeout, ...defaults }: WorkflowDefaults = {},
): Omit<Request, "timeout"> & { timeout?: Duration } {
  const { timeout: wanted, ...asked } = { ...defaults, ...withoutUndefined(request) };
  const timeout = wanted ?? undefined;
  const fits = timeout !== undefined && !(request.kind === "question" && onTimeout === "approve");
  return {
    ...(ladder && { ladder: mergedLadder(ladder, timeout) }),
    ...(onTimeout && fits && { onTimeout }),
    ...asked,
    ...(timeout !== undefined && { timeout }),
  };
}
