import type { ApprovalRequest, Run } from "@holdpoint/core";
import { requestApproval } from "../approvals/request-approval.ts";
import type { RunsNode } from "../runs/test-node.ts";
import { eventually, reaches } from "../runs/test-runs.ts";
import { getApproval } from "../store/approvals-table.ts";
import { eventsOfApproval } from "../store/events-table.ts";
import type { TestClock } from "../test-clock.ts";

/** Waits for the run to complete while time goes on, a second at a look. */
export function completes(node: RunsNode, run: Run, clock: TestClock): Promise<Run> {
  return reaches(node, run, ({ status }) => {
    clock.advance(1_000);
    return status === "completed";
  });
}

/** Lets the node look at its deadlines: its next look ends an approval of a tenant of its own. */
export async function looked(node: RunsNode, clock: TestClock): Promise<void> {
  const { id } = await ask(node, { title: "Marker", timeout: "1ms" }, "marker");
  await eventually(async () => {
    clock.advance(100);
    const approval = await getApproval(node.store.reader, "marker", id);
    return approval?.status === "timed_out";
  });
}

/** Asks in process. */
export async function ask(node: RunsNode, request: ApprovalRequest, tenantId = "default") {
  const { approval } = await node.store.write((tx) =>
    requestApproval(node.ctx, tx, { tenantId, policy: undefined }, request),
  );
  return approval;
}

/** What the log tells of an approval of the default tenant, oldest first. */
export async function storyOf(node: RunsNode, id: string): Promise<string[]> {
  const events = await eventsOfApproval(node.store.reader, "default", id, { limit: 100 });
  return events.map(({ type }) => type.replace("approval.", ""));
}
