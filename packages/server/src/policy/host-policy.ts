import {
  type ApprovalRequest,
  type Grant,
  type Page,
  type PolicyExplanation,
  parse,
  routes,
  type Viewer,
} from "@holdpoint/core";
import type { Context } from "../context.ts";
import { systemViewer } from "../system-viewer.ts";
import { explainPolicy } from "./explain-policy.ts";
import { grantsPage, revokeGrant } from "./grants.ts";

/** Remembered grants, in process, for one viewer. */
export interface ViewerGrants {
  /** Newest first, ended ones too: a reviewer's own, all for admins and auditors. */
  list(query?: { limit?: number; cursor?: string }): Promise<Page<Grant>>;
  /** Ends a grant at once. */
  revoke(id: string): Promise<Grant>;
}

/** What a policy would do, in process, for one viewer. */
export interface ViewerPolicy {
  /** What would become of a request that is made now; nothing is stored. */
  explain(request: ApprovalRequest): Promise<PolicyExplanation>;
  readonly grants: ViewerGrants;
}

/** The policy and grants, in process, for the host itself. */
export interface HostPolicy extends ViewerPolicy {
  /** The same with the rights of one viewer. */
  as(viewer: Viewer): ViewerPolicy;
}

/** The policy and grants as the host has them; they take and refuse the same as the HTTP routes. */
export function hostPolicy(ctx: Context): HostPolicy {
  return { ...policyFor(ctx, systemViewer), as: (viewer) => policyFor(ctx, viewer) };
}

function policyFor(ctx: Context, viewer: Viewer): ViewerPolicy {
  return {
    explain: async (request) => explainPolicy(ctx, viewer, parse(routes.explainPolicy.body, request)),
    grants: {
      list: async (query = {}) => grantsPage(ctx, viewer, parse(routes.listGrants.query, query, "query")),
      revoke: (id) => revokeGrant(ctx, viewer, id),
    },
  };
}
