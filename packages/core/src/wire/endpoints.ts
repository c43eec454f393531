/** A method, and a path relative to where the router is mounted, its parameters as in Express: `/approvals/:id`. */
export interface Endpoint {
  method: "GET" | "POST";
  path: string;
}

/** Where every route is: the part of the route table that a client needs at run time, without the schemas. */
export const endpoints = {
  requestApproval: { method: "POST", path: "/approvals" },
  listApprovals: { method: "GET", path: "/approvals" },
  bulkRespond: { method: "POST", path: "/approvals/respond" },
  getApproval: { method: "GET", path: "/approvals/:id" },
  getApprovalEvents: { method: "GET", path: "/approvals/:id/events" },
  waitApproval: { method: "GET", path: "/approvals/:id/wait" },
  respond: { method: "POST", path: "/approvals/:id/respond" },
  cancelApproval: { method: "POST", path: "/approvals/:id/cancel" },
  heartbeat: { method: "POST", path: "/approvals/:id/heartbeat" },
  reassignApproval: { method: "POST", path: "/approvals/:id/reassign" },
  claimApproval: { method: "POST", path: "/approvals/:id/claim" },
  releaseApproval: { method: "POST", path: "/approvals/:id/release" },
  commentOnApproval: { method: "POST", path: "/approvals/:id/comments" },
  consumeApproval: { method: "POST", path: "/approvals/:id/consume" },
  listGrants: { method: "GET", path: "/grants" },
  revokeGrant: { method: "POST", path: "/grants/:id/revoke" },
  explainPolicy: { method: "POST", path: "/policy/dry-run" },
  getCounts: { method: "GET", path: "/counts" },
  getChanges: { method: "GET", path: "/changes" },
  listDeliveries: { method: "GET", path: "/deliveries" },
  redeliver: { method: "POST", path: "/deliveries/:id/redeliver" },
  startRun: { method: "POST", path: "/runs" },
  listRuns: { method: "GET", path: "/runs" },
  getRun: { method: "GET", path: "/runs/:id" },
  waitRun: { method: "GET", path: "/runs/:id/wait" },
  retryRun: { method: "POST", path: "/runs/:id/retry" },
  cancelRun: { method: "POST", path: "/runs/:id/cancel" },
  sendEvent: { method: "POST", path: "/events" },
} as const satisfies Record<string, Endpoint>;
