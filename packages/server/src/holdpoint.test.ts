import { pino } from "pino";
import { io } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { createHoldpoint } from "./holdpoint.ts";
import type { HoldpointOptions } from "./options.ts";
import { startTestHoldpoint } from "./testing.ts";

const options: HoldpointOptions = { database: "sqlite::memory:", authenticate: () => null };

describe("a Holdpoint", () => {
  test("resolves an approval once when two reviewers decide at once", async () => {
    await using server = await startTestHoldpoint();
    const approval = await server.request({ title: "Refund order 7" });
    const both = await Promise.allSettled([server.as("ana").approve(approval), server.as("bo").reject(approval)]);
    expect(both.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await server.eventTypes(approval)).toEqual(["approval.requested", "decision.recorded", "approval.resolved"]);
  });

  test("is unavailable until it is started and after it is stopped", async () => {
    const holdpoint = createHoldpoint(options);
    await expect(holdpoint.approvals.list()).rejects.toMatchObject({ code: "unavailable" });
    await holdpoint.start();
    expect((await holdpoint.approvals.list()).items).toEqual([]);
    await holdpoint.stop();
    await expect(holdpoint.approvals.list()).rejects.toMatchObject({ code: "unavailable" });
  });

  test("starts once", async () => {
    const holdpoint = createHoldpoint(options);
    await holdpoint.start();
    await expect(holdpoint.start()).rejects.toThrow("started before");
    await holdpoint.stop();
  });

  test("ends the waits of its host when it stops", async () => {
    const holdpoint = createHoldpoint(options);
    await holdpoint.start();
    const { id } = await holdpoint.approvals.request({ title: "Refund order 7" });
    const refused = expect(holdpoint.approvals.wait(id, { timeout: 60 })).rejects.toMatchObject({
      code: "unavailable",
    });
    await holdpoint.stop();
    await refused;
  });

  test("closes the live connections of an API key that is revoked", async () => {
    await using server = await startTestHoldpoint();
    const { id, secret } = await server.holdpoint.apiKeys.create({ name: "wallboard", role: "auditor" });
    const socket = io(server.origin, { path: "/api/live", transports: ["websocket"], auth: { token: secret } });
    const closed = new Promise((resolve) => socket.once("disconnect", resolve));
    await new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
    await server.holdpoint.apiKeys.revoke(id);
    expect(await closed).toBe("io server disconnect");
    socket.close();
  });

  test("resumes what waits elsewhere, in the transaction of the decision", async () => {
    const resumed: string[] = [];
    const resumer = {
      engine: "elsewhere",
      resolved: async (_tx: unknown, { id }: { id: string }) => void resumed.push(id),
    };
    await using server = await startTestHoldpoint({ resumers: [resumer] });
    const source = { engine: "elsewhere", runId: "7" };
    const [mine, other] = [
      await server.request({ title: "Refund", source }),
      await server.request({ title: "Refund" }),
    ];
    expect(await server.as("ana").approve(mine)).toMatchObject({ delivery: "delivered" });
    await server.as("ana").approve(other);
    expect(resumed).toEqual([mine.id]);
  });

  test("does not record a decision that can't be told to what waits for it", async () => {
    const resumer = { engine: "elsewhere", resolved: () => Promise.reject(new Error("no")) };
    await using server = await startTestHoldpoint({ resumers: [resumer], logger: pino({ level: "silent" }) });
    const approval = await server.request({ title: "Refund", source: { engine: "elsewhere" } });
    await expect(server.as("ana").approve(approval)).rejects.toMatchObject({ code: "internal" });
    expect(await server.as("ana").approval(approval.id)).toEqual(approval);
  });

  test.each([
    ["mountPath", { ...options, mountPath: "api" }, /mountPath/],
    ["resumers", { ...options, resumers: [{ engine: "holdpoint", resolved: async () => undefined }] }, /"holdpoint"/],
    ["room for a channel", { ...options, deliveries: { concurrency: 0 } }, /^deliveries.concurrency: .*at least 1/],
    ["room for all", { ...options, deliveries: { totalConcurrency: Number.NaN } }, /^deliveries.totalConcurrency: /],
  ])("can't be made with %s that can't be used", (_option, unusable, message) => {
    expect(() => createHoldpoint(unusable)).toThrow(message);
  });
});
