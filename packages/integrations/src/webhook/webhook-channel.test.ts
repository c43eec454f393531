import { channelConformance, type ServiceState } from "@holdpoint/core/conformance";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test, vi } from "vitest";
import { type Answering, loopback, secret, startReceiver, status } from "./test-receiver.ts";
import { webhookChannel } from "./webhook-channel.ts";

const answers: Record<ServiceState, Answering> = {
  up: status(200, {}, '{"ref":{"message":1}}'),
  down: status(503),
  refusing: status(400),
  busy: status(429, { "retry-after": "7" }),
  silent: () => undefined,
};

test.each([...channelConformance])("the webhook channel: $name", async ({ run }) => {
  await using receiver = await startReceiver(answers.up);
  await run({
    channel: webhookChannel({ url: receiver.url, secret, allowAddresses: loopback }),
    service: (state) => {
      receiver.answer = answers[state];
    },
    received: () => receiver.messages.map((message) => JSON.stringify(message)),
  });
});

test("A3: reviewers are told by webhook what waits for them and how it ended", async () => {
  await using receiver = await startReceiver(answers.up);
  const ops = webhookChannel({ url: receiver.url, secret, allowAddresses: loopback });
  await using server = await startTestHoldpoint({ channels: { ops }, publicUrl: "https://app.example.com/" });
  const approval = await server.request({ title: "Refund order 7", channels: ["ops"] });
  await vi.waitFor(() => expect(receiver.messages).toHaveLength(1), { timeout: 60_000 });
  await server.as("ana").approve(approval);
  await vi.waitFor(() => expect(receiver.messages).toHaveLength(2), { timeout: 60_000 });
  const url = `https://app.example.com/approvals/${approval.id}`;
  const buttons = ["approve", "reject"].map((type) => ({ type, approvalId: approval.id }));
  expect(receiver.messages).toMatchObject([
    { type: "notification.requested", data: { title: "Refund order 7", url, buttons, refs: [] } },
    {
      type: "notification.resolved",
      data: { approval: { status: "approved" }, url, buttons: [], refs: [{ message: 1 }] },
    },
  ]);
});

test("each tenant has its own endpoint, or none", async () => {
  await using receiver = await startReceiver();
  const endpointOf = (tenantId: string) => (tenantId === "acme" ? { url: receiver.url, secret } : undefined);
  const ops = webhookChannel({ endpointOf, allowAddresses: loopback });
  await using server = await startTestHoldpoint({ channels: { ops } });
  const [ana, bo] = ["acme", "other"].map((tenant) => server.as(tenant, { tenant, role: "admin" }));
  await ana?.request({ title: "Refund order 7", channels: ["ops"] });
  await bo?.request({ title: "Refund order 8", channels: ["ops"] });
  const items = async (caller: typeof bo) => (await caller?.get<{ items: object[] }>("/deliveries"))?.items;
  await vi.waitFor(async () => expect(await items(ana)).toMatchObject([{ status: "delivered" }]), { timeout: 60_000 });
  await vi.waitFor(async () => expect(await items(bo)).toMatchObject([{ status: "parked" }]), { timeout: 60_000 });
  expect(receiver.messages).toMatchObject([{ data: { title: "Refund order 7" } }]);
});

test("a redirect isn't followed", async () => {
  await using elsewhere = await startReceiver();
  await using receiver = await startReceiver(status(302, { location: elsewhere.url }));
  const ops = webhookChannel({ url: receiver.url, secret, allowAddresses: loopback });
  await using server = await startTestHoldpoint({ channels: { ops } });
  await server.request({ title: "Refund order 7", channels: ["ops"] });
  const admin = server.as("root", { role: "admin" });
  await vi.waitFor(
    async () => {
      const { items } = await admin.get<{ items: object[] }>("/deliveries");
      expect(items).toMatchObject([{ status: "parked", error: expect.stringContaining("redirects aren't followed") }]);
    },
    { timeout: 60_000 },
  );
  expect(elsewhere.messages).toEqual([]);
});

test("an answer without end is cut off", async () => {
  await using receiver = await startReceiver((_request, response) => {
    const pour = () => {
      while (!response.destroyed && response.write("x".repeat(16_384)));
    };
    response.on("drain", pour);
    pour();
  });
  const ops = webhookChannel({ url: receiver.url, secret, allowAddresses: loopback });
  await using server = await startTestHoldpoint({ channels: { ops } });
  await server.request({ title: "Refund order 7", channels: ["ops"] });
  const admin = server.as("root", { role: "admin" });
  await vi.waitFor(
    async () =>
      expect((await admin.get<{ items: object[] }>("/deliveries")).items).toMatchObject([{ status: "delivered" }]),
    { timeout: 60_000 },
  );
});

test("an endpoint that can't be used is refused at once, naming the field", () => {
  expect(() => webhookChannel({ url: "nope", secret })).toThrow(/^url: must/);
  expect(() => webhookChannel({ url: "https://app.example.com/", secret: [] })).toThrow(/^secret: must/);
  const unset = undefined as unknown as string;
  expect(() => webhookChannel({ url: "https://app.example.com/", secret: unset })).toThrow(/^secret: must/);
});
