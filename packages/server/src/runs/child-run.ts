import { HoldpointError, type InvokeTarget, idTime, type Json, type Workflow } from "@holdpoint/core";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import type { Transaction } from "../store/store.ts";
import { goingOn, type Rouser } from "./claims-table.ts";
import { runEvent } from "./run-event.ts";
import { ownerOf, type RunRow } from "./run-record.ts";
import { insertRun } from "./runs-table.ts";
import { definitionOf, inputText } from "./start-run.ts";
import type { Workflows } from "./workflows.ts";

/** A run that another one is about to start. */
export interface NewChild {
  workflow: Workflow;
  /** JSON text. */
  input: string;
}

/** How deep runs may invoke one another; stops runaway recursion. */
const deepest = 50;

/** @throws {HoldpointError} `invalid_request` when the workflow is unknown or its input is wrong */
export function newChild(workflows: Workflows, target: InvokeTarget<never, unknown>, input: unknown): NewChild {
  const workflow = invoked(workflows, target);
  return { workflow, input: inputText(workflow, input as Json | undefined) };
}

/**
 * Starts a child in the transaction that records its parent's step. It belongs to whom its parent belongs to.
 *
 * @throws {HoldpointError} `invalid_request` when runs invoke one another too deeply
 */
export async function startChild(
  ctx: Context,
  tx: Transaction,
  rouser: Rouser,
  { parent, step, child: { workflow, input } }: { parent: RunRow; step: string; child: NewChild },
): Promise<string> {
  const depth = Number(parent.depth) + 1;
  if (depth > deepest) {
    throw new HoldpointError(
      "invalid_request",
      `Runs invoke one another ${deepest} deep at most; is this a recursion?`,
    );
  }
  const now = isoTime(ctx.clock.now());
  const id = ctx.newId("run");
  const run = await insertRun(tx, {
    id,
    tenant_id: parent.tenant_id,
    workflow: workflow.name,
    version: workflow.version,
    input,
    owner_id: parent.owner_id,
    owner_name: parent.owner_name,
    parent_run_id: parent.id,
    parent_step: step,
    depth,
    settled: 0,
    ...goingOn(rouser.claimant()),
    created_at: isoTime(idTime(id)),
    updated_at: now,
  });
  if (!run) throw new Error(`Run ${parent.id} can't start a child.`);
  await tx.append(run.tenant_id, [runEvent("run.created", run, { now, actor: ownerOf(parent) })]);
  tx.afterCommit(() => rouser.roused(run));
  return run.id;
}

/** JavaScript may give anything as a target: a definition that was imported in a circle is undefined. */
function invoked(workflows: Workflows, target: InvokeTarget<never, unknown>): Workflow {
  const { workflow, version } = isObject(target) && "workflow" in target ? target : { workflow: target };
  if (typeof workflow === "string") return definitionOf(workflows, workflow, version);
  if (!isObject(workflow)) throw unusableTarget();
  return definitionOf(workflows, workflow.name, version ?? workflow.version);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function unusableTarget(): HoldpointError {
  const message = "must be a workflow, the name of one, or { workflow, version }";
  return new HoldpointError("invalid_request", `target: ${message}.`, [{ pointer: "/target", message }]);
}
