import type { Approval, ApprovalRequest, NotificationChannel, Resumer, Viewer } from "@holdpoint/core";
import { vi } from "vitest";
import { requestAsViewer } from "../approvals/request-approval.ts";
import { respond } from "../approvals/respond.ts";
import { type NodeOptions, type RunsNode, startNode } from "../runs/test-node.ts";
import type { TestDatabase, TestDatabaseKind } from "../store/test-databases.ts";
import { systemViewer } from "../system-viewer.ts";
import { createTestClock, type TestClock } from "../test-clock.ts";
import type { DeliveryRow } from "./deliveries-table.ts";

const agent: Viewer = { id: "agent", tenantId: "default", groups: [], role: "requester" };
const ana: Viewer = { id: "ana", tenantId: "default", groups: [], role: "reviewer" };

/** A node with channels and resumers, on a database of its own, under a clock that stands still. */
export interface TestOutbox extends AsyncDisposable {
  readonly node: RunsNode;
  readonly database: TestDatabase;
  readonly clock: TestClock;
  request(fields?: Partial<ApprovalRequest>): Promise<Approval>;
  approve(approval: Approval): Promise<Approval>;
  /** All deliveries, oldest first, once they are as expected. */
  deliveries(until?: (rows: DeliveryRow[]) => void): Promise<DeliveryRow[]>;
}

/** What {@link startTestOutbox} takes. */
export interface TestOutboxOptions extends Omit<Partial<NodeOptions>, "outbox" | "clock"> {
  channels?: Record<string, NotificationChannel>;
  resumers?: Resumer[];
}

export async function startTestOutbox(
  kind: TestDatabaseKind,
  { channels, resumers, ...options }: TestOutboxOptions = {},
): Promise<TestOutbox> {
  const database = await kind.create();
  const clock = createTestClock();
  const outbox = { channels, resumers };
  const deliveries = { random: () => 0.5, ...options.deliveries };
  const node = await startNode(database.location(), { workflows: [], ...options, clock, outbox, deliveries });
  const rows = () => node.store.reader.selectFrom("deliveries").selectAll().orderBy("id").execute();
  return {
    node,
    database,
    clock,
    async request(fields = {}) {
      return (await requestAsViewer(node.ctx, agent, { title: "Refund order 7", ...fields })).approval;
    },
    approve: ({ id, digest }) => respond(node.ctx, ana, id, { type: "approve", digest }),
    async deliveries(until = (found) => settled(found)) {
      return vi.waitFor(
        async () => {
          const found = await rows();
          until(found);
          return found;
        },
        { timeout: 60_000, interval: 5 },
      );
    },
    async [Symbol.asyncDispose]() {
      await node.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** The host itself. */
export const host = systemViewer;

function settled(rows: DeliveryRow[]): void {
  if (rows.length === 0 || rows.some(({ status }) => status === "pending")) throw new Error("Something is to be sent.");
}
