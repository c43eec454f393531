import {
  canonicalJson,
  HoldpointError,
  idTime,
  type Json,
  jsonPointer,
  jsonProblem,
  type Person,
  parse,
  type RunRequest,
  sha256Hex,
  type Viewer,
  type Workflow,
} from "@holdpoint/core";
import { z } from "zod";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { goingOn } from "./claims-table.ts";
import { assertMayChange, isVisible } from "./run-access.ts";
import { runEvent } from "./run-event.ts";
import type { RunRow } from "./run-record.ts";
import { findRunByKey, insertRun } from "./runs-table.ts";
import type { Worker } from "./worker.ts";
import type { Workflows } from "./workflows.ts";

/** What starting a run needs besides the request. */
export interface StartServices {
  ctx: Context;
  workflows: Workflows;
  worker: Worker;
}

/** A run, and whether this request started it or an earlier one with the same key. */
export interface StartedRun {
  run: RunRow;
  created: boolean;
}

/**
 * Starts a run on a version of its workflow, by default the latest. With a `key` that was used before, it gives the run
 * started then, whatever its version.
 *
 * @throws {HoldpointError} `forbidden`; `invalid_request` when the workflow is unknown or its input is wrong;
 *   `idempotency_conflict` when the key was used with a different request
 */
export async function startRun(
  { ctx, workflows, worker }: StartServices,
  viewer: Viewer,
  request: RunRequest,
  { owner, version }: { owner: Person; version?: number },
): Promise<StartedRun> {
  assertMayChange(viewer);
  const workflow = definitionOf(workflows, request.workflow, version);
  const input = inputText(workflow, request.input);
  const requestHash = request.key === undefined ? null : sha256Hex(canonicalJson(request));
  return ctx.store.write(async (tx) => {
    const now = isoTime(ctx.clock.now());
    const id = ctx.newId("run");
    const run = await insertRun(tx, {
      id,
      tenant_id: viewer.tenantId,
      key: request.key ?? null,
      request_hash: requestHash,
      workflow: workflow.name,
      version: workflow.version,
      input,
      owner_id: owner.id,
      owner_name: owner.name ?? null,
      settled: 0,
      depth: 0,
      ...goingOn(worker.claimant()),
      // By which lists find it: in their order, also after the clock was set back.
      created_at: isoTime(idTime(id)),
      updated_at: now,
    });
    if (!run) return earlierRun(tx, viewer, request.key ?? "", requestHash);
    await tx.append(run.tenant_id, [runEvent("run.created", run, { now, actor: owner })]);
    tx.afterCommit(() => worker.roused(run));
    return { run, created: true };
  });
}

/**
 * The definition that a new run is to follow: the latest, or the one in a certain version.
 *
 * @throws {HoldpointError} `invalid_request` naming `workflow` or `version`
 */
export function definitionOf(workflows: Workflows, name: string, version?: number): Workflow {
  const latest = workflows.latest(name);
  const workflow = version === undefined ? latest : workflows.find(name, version);
  if (workflow) return workflow;
  if (latest) {
    const message = `there is no version ${version} of "${name}"; the latest is ${latest.version}`;
    throw new HoldpointError("invalid_request", `version: ${message}.`, [{ pointer: "/version", message }]);
  }
  const known = [...new Set(workflows.all.map((each) => each.name))].join(", ") || "none";
  throw new HoldpointError("invalid_request", `workflow: there is no "${name}"; this server has: ${known}.`, [
    { pointer: "/workflow", message: `must be one of: ${known}` },
  ]);
}

/**
 * A run's input as it is stored: JSON text.
 *
 * @throws {HoldpointError} `invalid_request` naming what is wrong with it, or with what the workflow's schema makes of it
 */
export function inputText(workflow: Workflow, input: Json | undefined): string {
  if (input === undefined) throw unusableInput([], "is required; null stands for nothing");
  const schema = z.strictObject({ input: (workflow.input ?? z.any()) as z.ZodType<Json> });
  const checked: unknown = parse(schema, { input }, "input").input;
  const problem = checked === undefined ? { path: [], message: "must not be undefined" } : jsonProblem(checked);
  if (!problem) return JSON.stringify(checked);
  const message = `${problem.message} after the schema of workflow "${workflow.name}" has transformed it; do that in the handler`;
  throw unusableInput(problem.path, message);
}

function unusableInput(path: string[], message: string): HoldpointError {
  const field = ["input", ...path];
  return new HoldpointError("invalid_request", `${field.join(".")}: ${message}.`, [
    { pointer: jsonPointer(field), message },
  ]);
}

/** Whoever hits upon the key of a run that isn't theirs to see learns no more than that it is taken. */
async function earlierRun(
  tx: Transaction,
  viewer: Viewer,
  key: string,
  requestHash: string | null,
): Promise<StartedRun> {
  const earlier = await findRunByKey(tx.db, viewer.tenantId, key);
  if (earlier && isVisible(viewer, earlier) && earlier.request_hash === requestHash) {
    return { run: earlier, created: false };
  }
  throw new HoldpointError(
    "idempotency_conflict",
    `The key "${key}" was used for another run; send the same request again, or use another key.`,
  );
}
