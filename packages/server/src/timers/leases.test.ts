import { durationMs } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { heartbeat } from "../approvals/heartbeat.ts";
import { requestAsViewer } from "../approvals/request-approval.ts";
import { respond } from "../approvals/respond.ts";
import { connectViewer } from "../live/test-viewer.ts";
import { type RunsNode, startNode } from "../runs/test-node.ts";
import { ana, bo, eventually, startTestNode } from "../runs/test-runs.ts";
import { getApproval } from "../store/approvals-table.ts";
import { type TestDatabaseKind, testDatabases } from "../store/test-databases.ts";
import { createTestClock, type TestClock } from "../test-clock.ts";
import { createManualClock, startTestHoldpoint } from "../testing.ts";
import { looked, storyOf } from "./test-time.ts";

const second = 1_000;
const minute = durationMs("1m");

describe.each(testDatabases)("a lease on $name", (kind) => {
  test("that ends withdraws the approval, and who comes late sees why", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [], clock }, kind);
    // Leases count from the server's first look.
    await looked(node, clock);
    const { id, leaseUntil = "" } = await leased(node, "30s");
    await passes(node, clock, 29 * second);
    expect(await statusOf(node, id)).toBe("pending");
    await passes(node, clock, 2 * second);
    expect(await statusOf(node, id)).toBe("cancelled");
    await expect(respond(node.ctx, bo, id, { approved: true })).rejects.toThrow(
      `The requester went away; its lease ended at ${leaseUntil}.`,
    );
    expect(await storyOf(node, id)).toEqual(["requested", "resolved"]);
  });

  test("lasts for as long as heartbeats come, which leave no trace in the log", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [], clock }, kind);
    const { id } = await leased(node, "30s");
    for (let beat = 0; beat < 6; beat++) {
      await passes(node, clock, 20 * second);
      await heartbeat(node.ctx, ana, id);
    }
    expect(await statusOf(node, id)).toBe("pending");
    await passes(node, clock, 31 * second);
    expect(await statusOf(node, id)).toBe("cancelled");
    expect(await storyOf(node, id)).toEqual(["requested", "resolved"]);
  });
});

test("a lease that ended while the server was down is given once more, from when it is up again", async () => {
  const [clock, kind] = [createTestClock(), testDatabases[0] as TestDatabaseKind];
  await using database = await kind.create();
  const before = await startNode(database.location(), { workflows: [], clock });
  const [back, gone] = [await leased(before, "5m"), await leased(before, "5m")];
  await before.crash();
  clock.advance(60 * minute);
  const after = await startNode(database.location(), { workflows: [], clock });
  await passes(after, clock, 4 * minute);
  expect([await statusOf(after, back.id), await statusOf(after, gone.id)]).toEqual(["pending", "pending"]);
  await heartbeat(after.ctx, ana, back.id);
  await passes(after, clock, 2 * minute);
  expect([await statusOf(after, back.id), await statusOf(after, gone.id)]).toEqual(["pending", "cancelled"]);
  await after.stop();
});

test("a clock that jumps ahead ends no lease whose heartbeats could not have come", async () => {
  const clock = createTestClock();
  await using node = await startTestNode({ workflows: [], clock });
  const { id } = await leased(node, "5m");
  await passes(node, clock, minute);
  clock.advance(60 * minute);
  await looked(node, clock);
  expect(await statusOf(node, id)).toBe("pending");
  await passes(node, clock, 6 * minute);
  expect(await statusOf(node, id)).toBe("cancelled");
});

test("an orphan leaves the inbox live", async () => {
  const clock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock });
  using sees = await connectViewer(holdpoint, "bo");
  await sees.subscribe();
  await holdpoint.request({ title: "Refund order 7", lease: "10s" });
  await expect
    .poll(() => {
      clock.advance(second / 10);
      return sees.frames.at(-1)?.changes.at(-1)?.approval.outcome;
    })
    .toMatchObject({ status: "cancelled", reason: expect.stringContaining("The requester went away") });
});

function leased(node: RunsNode, lease: string) {
  return requestAsViewer(node.ctx, ana, { title: "Refund order 7", lease }).then(({ approval }) => approval);
}

/** Lets time pass while the server is up: it looks at its deadlines on the way. */
async function passes(node: RunsNode, clock: TestClock, ms: number): Promise<void> {
  const end = clock.now() + ms;
  while (clock.now() < end) {
    clock.advance(Math.min(15 * second, end - clock.now()));
    await looked(node, clock);
  }
}

async function statusOf(node: RunsNode, id: string): Promise<string | undefined> {
  const read = async () => (await getApproval(node.store.reader, "default", id))?.status;
  return eventually(read);
}
