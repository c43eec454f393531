import type { Approval, Delivery, Page } from "@holdpoint/core";
import { expect, test, vi } from "vitest";
import { recordingChannel } from "../deliveries/test-channel.ts";
import { createManualClock, startTestHoldpoint } from "../testing.ts";

test("an admin lists deliveries by status, approval and channel, page by page, and sends one again", async () => {
  const ops = recordingChannel();
  await using server = await startTestHoldpoint({ channels: { ops } });
  const admin = server.as("root", { role: "admin" });
  const list = async (query = "") => (await admin.get<Page<Delivery>>(`/deliveries${query}`)).items;
  const first = await server.request({ title: "First", channels: ["ops", "gone"] });
  await server.request({ title: "Second", channels: ["ops"] });
  await vi.waitFor(async () => expect(await list("?status=delivered")).toHaveLength(2), { timeout: 60_000 });

  expect((await list("?status=parked")).map(({ channel, error }) => [channel, error])).toEqual([
    ["gone", 'No channel "gone" is configured.'],
  ]);
  expect(await list(`?approvalId=${first.id}`)).toHaveLength(2);
  expect(await list("?channel=ops&status=parked,pending")).toEqual([]);
  const page = await admin.get<Page<Delivery>>("/deliveries?limit=2");
  expect(page.items).toHaveLength(2);
  expect(await list(`?limit=2&cursor=${page.nextCursor}`)).toHaveLength(1);

  await expect(list("?cursor=zzz")).rejects.toMatchObject({
    code: "invalid_request",
    details: [{ pointer: "/cursor" }],
  });

  const [sent] = await list("?status=delivered");
  expect(await admin.post(`/deliveries/${sent?.id}/redeliver`)).toMatchObject({ id: sent?.id, status: "pending" });
  await vi.waitFor(() => expect(ops.sent.map(({ id }) => id).filter((id) => id === sent?.id)).toHaveLength(2), {
    timeout: 60_000,
  });
  const metrics = await (await admin.fetch("/metrics")).text();
  expect(metrics).toContain('holdpoint_deliveries{status="parked",channel="gone"} 1');
});

test("deliveries are kept for as long as the options say", async () => {
  const clock = createManualClock();
  const deliveries = { keepDelivered: "1h", keepParked: "2h" };
  await using server = await startTestHoldpoint({ channels: { ops: recordingChannel() }, deliveries, clock });
  const left = async () => {
    const viewer = server.as("iris", { role: "auditor" });
    return (await viewer.get<Page<Delivery>>("/deliveries")).items.map(({ status }) => status);
  };
  const becomes = (statuses: string[]) =>
    vi.waitFor(async () => expect(await left()).toEqual(statuses), { timeout: 60_000 });
  /** Deadlines are looked at every 15 s, once the look before has ended. */
  const lookedAt = (statuses: string[]) =>
    vi.waitFor(
      async () => {
        clock.advance(15_000);
        expect(await left()).toEqual(statuses);
      },
      { timeout: 60_000 },
    );
  const approval = await server.request({ title: "First", channels: ["ops", "gone"] });
  await becomes(["parked", "delivered"]);
  await server.as("ana").approve(approval);
  await becomes(["delivered", "parked", "delivered"]);
  clock.advance(3_600_000);
  await lookedAt(["parked"]);
  clock.advance(3_600_000);
  await lookedAt([]);
});

test("what a host's reviewUrl throws holds up no other delivery", async () => {
  const ops = recordingChannel();
  const reviewUrl = ({ title }: Approval) => {
    if (title === "First") throw new Error("no page for that");
    return "https://app.example.com/";
  };
  await using server = await startTestHoldpoint({ channels: { ops }, reviewUrl, deliveries: { schedule: [] } });
  const requests = ["First", "Second"].map((title) => server.request({ title, channels: ["ops"] }));
  await Promise.all(requests);
  const auditor = server.as("iris", { role: "auditor" });
  await vi.waitFor(
    async () => {
      const [parked] = (await auditor.get<Page<Delivery>>("/deliveries?status=parked")).items;
      expect(parked).toMatchObject({ attempts: 1, error: "no page for that" });
      expect(ops.sent).toMatchObject([{ title: "Second", url: "https://app.example.com/" }]);
    },
    { timeout: 60_000 },
  );
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
