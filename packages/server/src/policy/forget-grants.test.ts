import { durationMs, type Grant } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { isoTime } from "../iso-time.ts";
import { startTestNode } from "../runs/test-runs.ts";
import { insertGrant } from "../store/grants-table.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import { createManualClock, startTestHoldpoint } from "../testing.ts";
import { createForgetGrants, keepGrantsMs } from "./forget-grants.ts";

const hour = durationMs("1h");

describe.each(testDatabases)("grants on $name", (kind) => {
  test("are forgotten 30 days after they ended, some in a transaction, and those that hold stay", async () => {
    const clock = createTestClock();
    await using node = await startTestNode({ workflows: [], clock }, kind);
    const ends = [...Array.from({ length: 501 }, () => hour), keepGrantsMs];
    await node.store.write(async (tx) => {
      for (const ms of ends) await insertGrant(tx, grant(node.ctx.newId("gra"), isoTime(clock.now() + ms)), "scope");
    });
    const source = createForgetGrants(node.ctx);
    const left = async () => (await node.store.reader.selectFrom("grants").select("id").execute()).length;
    clock.advance(keepGrantsMs + hour);
    expect([await source.strike(isoTime(clock.now())), await left()]).toEqual([false, 502]);
    clock.advance(Date.parse((await source.next()) ?? "") - clock.now());
    expect([await source.strike(isoTime(clock.now())), await left()]).toEqual([true, 2]);
    expect([await source.strike(isoTime(clock.now())), await left()]).toEqual([false, 1]);
    expect(Date.parse((await source.next()) ?? "")).toBeGreaterThan(clock.now() + keepGrantsMs - 2 * hour);
  });
});

test("a server forgets a grant by itself", async () => {
  const clock = createManualClock();
  await using server = await startTestHoldpoint({ clock });
  const asked = await server.request({ title: "Send email", action: { name: "email.send", args: {} } });
  await server.as("ana").respond(asked, { type: "approve", digest: asked.digest, remember: { for: "1h" } });
  const { grants } = server.holdpoint.policy;
  expect((await grants.list()).items).toHaveLength(1);
  clock.advance(keepGrantsMs + 3 * hour);
  await expect
    .poll(async () => {
      clock.advance(1_000);
      return (await grants.list()).items;
    })
    .toEqual([]);
});

function grant(id: string, expiresAt: string): Grant {
  return {
    ...{ id, tenantId: "acme", by: { id: "ana" }, approvalId: "apr_1", action: "email.send", match: "args" },
    ...{ risk: "low", for: "1h", uses: 0, createdAt: expiresAt, expiresAt },
  };
}
