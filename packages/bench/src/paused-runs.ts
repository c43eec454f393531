import { setTimeout as sleep } from "node:timers/promises";
import type { Approval, Approvals, Viewer } from "@holdpoint/core";
import { createHoldpoint, type Holdpoint, sessionTokens } from "@holdpoint/server";
import { gateWorkflow } from "./gate-workflow.ts";

/** A Holdpoint in this process with runs that wait at their gate. */
export interface PausedRuns extends AsyncDisposable {
  approvals: Approval[];
  /** Approves the i-th; resolves when that is durable. */
  approve(i: number): Promise<unknown>;
  /** When the line after the i-th gate executed, by `performance.now()`. */
  resumed(i: number): Promise<number>;
}

const reviewer: Viewer = { id: "mia", tenantId: "default", groups: [], role: "reviewer" };

/** Starts `count` runs on `database` (a URL) and waits until all of them are paused. */
export async function pauseRuns(database: string, count: number): Promise<PausedRuns> {
  const lines = Array.from({ length: count }, () => Promise.withResolvers<number>());
  const holdpoint = createHoldpoint({
    database,
    authenticate: sessionTokens({ secret: "a secret for benchmarks, 32 bytes or more" }).authenticate,
    workflows: [gateWorkflow((key, at) => lines[key]?.resolve(at))],
  });
  await holdpoint.start();
  const runs = await Promise.all(lines.map((_, key) => holdpoint.runs.start({ workflow: "gate", input: { key } })));
  await allPaused(holdpoint);
  const inbox = holdpoint.approvals.as(reviewer);
  const approvals = await pending(inbox, new Map(runs.map((run, key) => [run.id, key])));
  return {
    approvals,
    approve: (i) => inbox.respond(approvals[i]?.id ?? "", { approved: true }),
    resumed: (i) => lines[i]?.promise ?? Promise.reject(new RangeError(`There is no run ${i}.`)),
    [Symbol.asyncDispose]: () => holdpoint.stop(),
  };
}

/** Resolves once no run is on its way to its gate any more; asks rarely, so as not to be in the way. */
async function allPaused(holdpoint: Holdpoint): Promise<void> {
  while ((await holdpoint.runs.list({ status: ["queued", "running"], limit: 1 })).items.length > 0) await sleep(100);
}

/** The runs' approvals in the runs' order. */
async function pending(inbox: Approvals, keys: ReadonlyMap<string, number>): Promise<Approval[]> {
  const found: Approval[] = [];
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await inbox.list({ status: ["pending"], limit: 200, cursor });
    for (const approval of page.items) found[keys.get(approval.source?.runId ?? "") ?? -1] = approval;
    cursor = page.nextCursor;
  }
  return found;
}
