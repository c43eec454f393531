import type { ApprovalRequest } from "./approval-request.ts";
import { withoutUndefined } from "./json.ts";
import { mergedLadder } from "./ladder.ts";
import type { WorkflowDefaults } from "./workflow.ts";

/**
 * A gate's request with its workflow's defaults where it says nothing itself. Of the defaults there is left out what the
 * gate's own words leave no room for: rungs that would come after its timeout, and a yes to a question by `onTimeout`.
 */
export function withDefaults<Request extends Partial<ApprovalRequest>>(
  request: Request,
  { ladder, onTimeout, ...defaults }: WorkflowDefaults = {},
): Request {
  const asked = { ...defaults, ...withoutUndefined(request) };
  const { timeout, kind } = asked;
  const fits = timeout !== undefined && !(kind === "question" && onTimeout === "approve");
  return {
    ...(ladder && { ladder: mergedLadder(ladder, timeout) }),
    ...(onTimeout && fits && { onTimeout }),
    ...asked,
  };
}
