/**
 * A server that crash tests kill: it asks for an approval, decides it, and stays alive to deliver the outcome. What it
 * finds done by an earlier life it leaves as it is.
 */
import { createHoldpoint, HoldpointError } from "@holdpoint/server";
import { loopback, secret } from "./test-receiver.ts";
import { webhookResumer } from "./webhook-resumer.ts";

/** What the process is told, as JSON in its only argument. */
export interface KilledServerTask {
  database: string;
  /** Where the outcome goes. */
  url: string;
  /** Kill yourself when this failpoint is reached for the nth time. */
  failpoint?: { name: string; nth: number };
}

const { database, url, failpoint } = JSON.parse(process.argv[2] ?? "{}") as KilledServerTask;
let reached = 0;

const holdpoint = createHoldpoint({
  database,
  authenticate: () => null,
  resumers: [webhookResumer({ endpoints: { billing: { url, secret } }, allowAddresses: loopback })],
  deliveries: { timeoutMs: 400, schedule: ["10ms", "10ms"] },
  async failpoint(name) {
    if (name !== failpoint?.name || ++reached < failpoint.nth) return;
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => undefined);
  },
});
await holdpoint.start();
// What the server's listening socket would do.
setInterval(() => undefined, 60_000);

const source = { engine: "webhook", ref: { endpoint: "billing" } };
const approval = await holdpoint.approvals.request({ title: "Refund order 7", key: "refund-7", source });
const ana = holdpoint.approvals.as({ id: "ana", tenantId: "default", groups: [], role: "reviewer" });
try {
  await ana.respond(approval.id, { type: "approve", digest: approval.digest });
} catch (error) {
  if (!(error instanceof HoldpointError && error.code === "already_resolved")) throw error;
}
