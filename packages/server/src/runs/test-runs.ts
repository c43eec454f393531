import type { Run, RunStep, Viewer, YesNoInput } from "@holdpoint/core";
import { respond } from "../approvals/respond.ts";
import { testDatabases } from "../store/test-databases.ts";
import { type NodeOptions, type RunsNode, startNode } from "./test-node.ts";

/** Who starts runs in tests. */
export const ana: Viewer = { id: "ana", name: "Ana", tenantId: "default", groups: [], role: "reviewer" };
/** Who decides in tests. */
export const bo: Viewer = { id: "bo", name: "Bo", tenantId: "default", groups: [], role: "reviewer" };

/** A node on a database of its own; disposing of it removes both, as does a start that fails. */
export async function startTestNode(options: NodeOptions, kind = testDatabases[0]): Promise<RunsNode> {
  if (!kind) throw new Error("There is no database to test on.");
  const database = await kind.create();
  const node = await startNode(database.location(), options).catch(async (error) => {
    await database[Symbol.asyncDispose]();
    throw error;
  });
  return {
    ...node,
    [Symbol.asyncDispose]: async () => {
      await node[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Waits until `look` gives something, at most 60 s. */
export async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error("It didn't happen within 60 s.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits until a run is in a status, or as `is` wants it. */
export function reaches({ runs }: RunsNode, run: Run, is: Run["status"] | ((run: Run) => boolean)): Promise<Run> {
  return eventually(async () => {
    const now = await runs.get(ana, run.id);
    return (typeof is === "string" ? now.status === is : is(now)) && now;
  });
}

/** The step that is a gate and has asked. */
export function gateOf(run: Run, name: string): RunStep & { approvalId: string } {
  const gate = run.steps?.find((step) => step.name === name);
  if (gate?.approvalId === undefined) throw new Error(`The run has not asked at ${name}.`);
  return { ...gate, approvalId: gate.approvalId };
}

/** Bo decides what a run asks at a gate. */
export async function decide(node: RunsNode, run: Run, gate: string, response: YesNoInput): Promise<void> {
  await respond(node.ctx, bo, gateOf(run, gate).approvalId, response);
}
