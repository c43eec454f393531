import type { Delivery, Page } from "@holdpoint/core";
import { expect, test, vi } from "vitest";
import { recordingChannel } from "../deliveries/test-channel.ts";
import { startTestHoldpoint } from "../testing/throwaway-holdpoint.ts";

test("an admin lists deliveries by status, approval and channel, page by page, and sends one again", async () => {
  const ops = recordingChannel();
  await using server = await startTestHoldpoint({ channels: { ops } });
  const admin = server.as("root", { role: "admin" });
  const list = async (query = "") => (await admin.get<Page<Delivery>>(`/deliveries${query}`)).items;
  const first = await server.request({ title: "First", channels: ["ops", "gone"] });
  await server.request({ title: "Second", channels: ["ops"] });
  await vi.waitFor(async () => expect(await list("?status=delivered")).toHaveLength(2), { timeout: 15_000 });

  expect((await list("?status=parked")).map(({ channel, error }) => [channel, error])).toEqual([
    ["gone", 'No channel "gone" is configured.'],
  ]);
  expect(await list(`?approvalId=${first.id}`)).toHaveLength(2);
  expect(await list("?channel=ops&status=parked,pending")).toEqual([]);
  const page = await admin.get<Page<Delivery>>("/deliveries?limit=2");
  expect(page.items).toHaveLength(2);
  expect(await list(`?limit=2&cursor=${page.nextCursor}`)).toHaveLength(1);

  const [sent] = await list("?status=delivered");
  expect(await admin.post(`/deliveries/${sent?.id}/redeliver`)).toMatchObject({ id: sent?.id, status: "pending" });
  await vi.waitFor(() => expect(ops.sent.map(({ id }) => id).filter((id) => id === sent?.id)).toHaveLength(2), {
    timeout: 15_000,
  });
  const metrics = await (await admin.fetch("/metrics")).text();
  expect(metrics).toContain('holdpoint_deliveries{status="parked",channel="gone"} 1');
});

test("nobody else sends again, others than auditors don't even look, and other tenants see nothing", async () => {
  await using server = await startTestHoldpoint();
  await server.request({ title: "First", channels: ["ops"] });
  const auditor = server.as("iris", { role: "auditor" });
  const [delivery] = (await auditor.get<Page<Delivery>>("/deliveries")).items;
  const path = `/deliveries/${delivery?.id}/redeliver`;
  await expect(auditor.post(path)).rejects.toMatchObject({ code: "forbidden" });
  await expect(server.as("ana").get("/deliveries")).rejects.toMatchObject({ code: "forbidden" });
  const outsider = server.as("root", { role: "admin", tenant: "other" });
  expect((await outsider.get<Page<Delivery>>("/deliveries")).items).toEqual([]);
  await expect(outsider.post(path)).rejects.toMatchObject({ code: "not_found" });
});
