import { type Approval, HoldpointError } from "@holdpoint/core";
import { createManualClock, startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";
import { keepAlive } from "./keep-alive.ts";

test("a requester that is kept alive gets the outcome long after its lease would have ended", async () => {
  const clock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock });
  const { approvals } = createClient({
    url: holdpoint.url,
    getToken: () => holdpoint.token("agent", { role: "requester" }),
  });
  const asked = await approvals.request({ title: "Refund order 7", lease: "30s" });
  const ended = keepAlive(approvals, asked, { clock });
  let leaseUntil = asked.leaseUntil ?? "";
  for (let beat = 0; beat < 9; beat++) {
    clock.advance(10_000);
    await expect.poll(async () => (await approvals.get(asked.id)).leaseUntil).not.toBe(leaseUntil);
    leaseUntil = (await approvals.get(asked.id)).leaseUntil ?? "";
  }
  await holdpoint.as("ana").approve(asked);
  expect(await ended).toMatchObject({ status: "approved" });
});

test("a requester that gives up sends no more heartbeats", async () => {
  const clock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock });
  const { approvals } = createClient({ url: holdpoint.url, getToken: () => holdpoint.token("ana") });
  const asked = await approvals.request({ title: "Refund order 7", lease: "10s" });
  const giveUp = new AbortController();
  const waiting = keepAlive(approvals, asked, { clock, signal: giveUp.signal });
  giveUp.abort();
  await expect(waiting).rejects.toThrow();
  await expect
    .poll(async () => {
      clock.advance(200);
      return approvals.get(asked.id);
    })
    .toMatchObject({ status: "cancelled", outcome: { reason: expect.stringContaining("went away") } });
});

test("heartbeats that fail don't end the wait, and without a lease there are none", async () => {
  const clock = createManualClock();
  let beats = 0;
  const end = Promise.withResolvers<Approval>();
  const approvals = {
    heartbeat: async () => {
      beats += 1;
      throw new HoldpointError("unavailable", "No answer.");
    },
    wait: () => end.promise,
  };
  const waiting = Promise.all([
    keepAlive(approvals, { id: "apr_1", lease: "30s" }, { clock }),
    keepAlive(approvals, { id: "apr_2" }, { clock }),
  ]);
  clock.advance(60_000);
  expect(beats).toBe(6);
  end.resolve({ status: "approved" } as Approval);
  expect((await waiting).map(({ status }) => status)).toEqual(["approved", "approved"]);
  clock.advance(60_000);
  expect(beats).toBe(6);
});
