import type { Approval, ApprovalRequest } from "@holdpoint/core";
import { resumerConformance, type WaiterState } from "@holdpoint/core/conformance";
import { startTestHoldpoint, type TestHoldpoint } from "@holdpoint/server/testing";
import { expect, test, vi } from "vitest";
import { type Answering, loopback, secret, startReceiver, status } from "./test-receiver.ts";
import { type WebhookResumerOptions, webhookResumer } from "./webhook-resumer.ts";

const answers: Record<WaiterState, Answering> = { waiting: status(204), unreachable: status(500), gone: status(410) };

test.each([...resumerConformance])("the webhook resumer: $name", async ({ run }) => {
  await using receiver = await startReceiver();
  const endpoints = { billing: { url: receiver.url, secret } };
  await run({
    resumer: webhookResumer({ endpoints, allowAddresses: loopback }),
    ref: { endpoint: "billing" },
    waiter: (state) => {
      receiver.answer = answers[state];
    },
    resumed: () =>
      receiver.effects.flatMap(({ type, data }) => {
        if (type === "approval_group.resolved") return data.approvals.map(({ approvalId }) => approvalId);
        return type === "approval.resolved" ? [data.approvalId] : [];
      }),
  });
});

function start(options: WebhookResumerOptions): Promise<TestHoldpoint> {
  const resumers = [webhookResumer({ allowAddresses: loopback, ...options })];
  return startTestHoldpoint({ resumers, deliveries: { schedule: ["10ms", "10ms", "10ms"], timeoutMs: 500 } });
}

function deliveryOf(server: TestHoldpoint, { id }: Approval, expected: Approval["delivery"]) {
  return vi.waitFor(async () => expect((await server.as("ana").approval(id)).delivery).toBe(expected), {
    timeout: 60_000,
  });
}

const refund = (ref: NonNullable<ApprovalRequest["source"]>["ref"]): ApprovalRequest => ({
  title: "Refund order 7",
  key: "refund-7",
  action: { name: "refund", args: { order: 7 } },
  source: { engine: "webhook", ref },
});

test("a program gets its outcome, with its own key and what it left", async () => {
  await using receiver = await startReceiver();
  await using server = await start({ endpoints: { billing: { url: receiver.url, secret } } });
  const ref = { endpoint: "billing", order: 7 };
  const approval = await server.request(refund(ref));
  await server.as("ana").approve(approval);
  await deliveryOf(server, approval, "delivered");
  const data = { approvalId: approval.id, key: "refund-7", ref, outcome: { status: "approved", args: { order: 7 } } };
  expect(receiver.messages).toMatchObject([{ type: "approval.resolved", data }]);
});

test.each<[string, Answering, number]>([
  ["answers 500, then 200", (n, response) => void response.writeHead(n === 1 ? 500 : 200).end(), 2],
  [
    "hangs up, then answers",
    (n, response) => (n === 1 ? void response.destroy() : void response.writeHead(200).end()),
    2,
  ],
  ["is slower than it may be, then answers", (n, response) => n > 1 && void response.writeHead(200).end(), 2],
  ["answers in the end", (n, response) => void response.writeHead(n < 4 ? 503 : 200).end(), 4],
])("a receiver that %s is resumed once", async (_what, answer, attempts) => {
  await using receiver = await startReceiver(answer);
  await using server = await start({ endpoints: { billing: { url: receiver.url, secret } } });
  const approval = await server.request(refund({ endpoint: "billing" }));
  await server.as("ana").reject(approval, "Too much");
  await deliveryOf(server, approval, "delivered");
  expect(new Set(receiver.headers.map((headers) => headers["webhook-id"])).size).toBe(1);
  expect([receiver.messages.length, receiver.effects.length]).toEqual([attempts, 1]);
  expect(receiver.effects[0]?.data).toMatchObject({ outcome: { status: "rejected", reason: "Too much" } });
});

test("a decision that is taken before the receiver exists arrives once it does, when it is sent again", async () => {
  const place: { url?: string } = {};
  const endpoints = () => ({ url: place.url ?? "http://127.0.0.1:9/", secret });
  await using server = await start({ endpoints });
  const approval = await server.request(refund({ endpoint: "billing" }));
  await server.as("ana").approve(approval);
  await deliveryOf(server, approval, "failed");
  await using receiver = await startReceiver();
  place.url = receiver.url;
  const admin = server.as("root", { role: "admin" });
  const { items } = await admin.get<{ items: { id: string }[] }>(`/deliveries?status=parked&approvalId=${approval.id}`);
  await admin.post(`/deliveries/${items[0]?.id}/redeliver`);
  await deliveryOf(server, approval, "delivered");
  expect(receiver.effects).toMatchObject([{ id: items[0]?.id }]);
});

test.each([
  ["no target", {}],
  ["two targets", { endpoint: "billing", callbackUrl: "http://127.0.0.1/" }],
  ["an endpoint that is not known", { endpoint: "constructor" }],
  ["another tenant's endpoint", { endpoint: "theirs" }],
  ["a callback at a host that isn't allowed", { callbackUrl: "https://evil.example/" }],
  ["a callback at an allowed host's other port", { callbackUrl: "http://127.0.0.1:1/" }],
  ["a callback at an allowed host that isn't called by http", { callbackUrl: "ftp://127.0.0.1/" }],
  ["a callback that is no address", { callbackUrl: "127.0.0.1" }],
])("a request for %s is refused, naming the field", async (_what, ref) => {
  await using receiver = await startReceiver();
  await using server = await start({
    endpoints: { billing: { url: receiver.url, secret }, theirs: { url: receiver.url, secret, tenantId: "acme" } },
    callbacks: { hosts: ["127.0.0.1"], secret },
  });
  await expect(server.request(refund(ref))).rejects.toMatchObject({
    code: "invalid_request",
    details: [{ pointer: "/source/ref" }],
  });
  expect(await server.as("root", { role: "admin" }).inbox()).toEqual([]);
});

test("an outcome for an endpoint that has been removed meanwhile is parked in sight", async () => {
  const places = new Map([["billing", { url: "http://127.0.0.1:9/", secret }]]);
  await using server = await start({ endpoints: (name) => places.get(name) });
  const approval = await server.request(refund({ endpoint: "billing" }));
  places.clear();
  await server.as("ana").approve(approval);
  await deliveryOf(server, approval, "failed");
});

test("a request may bring a callback URL at a host that the server allows", async () => {
  await using receiver = await startReceiver();
  await using server = await start({ callbacks: { hosts: [new URL(receiver.url).host], secret: () => secret } });
  const approval = await server.request(refund({ callbackUrl: receiver.url }));
  await server.as("ana").approve(approval);
  await deliveryOf(server, approval, "delivered");
  expect(receiver.effects).toHaveLength(1);
});

test("what isn't allowed isn't called, also when a registered endpoint names it", async () => {
  await using receiver = await startReceiver();
  const resumers = [webhookResumer({ endpoints: { billing: { url: receiver.url, secret } } })];
  await using server = await startTestHoldpoint({ resumers });
  const approval = await server.request(refund({ endpoint: "billing" }));
  await server.as("ana").approve(approval);
  await deliveryOf(server, approval, "failed");
  expect(receiver.messages).toEqual([]);
});

test.each<[what: string, answer: Answering, attempts: number]>([
  [
    "breaks off",
    (_n, response) => response.writeHead(200, { "content-length": "9" }).write("ok", () => response.destroy()),
    1,
  ],
  ["never ends", (_n, response) => void response.writeHead(200).write("ok"), 1],
])("a receiver whose answer %s after its status is not called again", async (_what, answer) => {
  await using receiver = await startReceiver(answer);
  const resumers = [
    webhookResumer({ endpoints: { billing: { url: receiver.url, secret } }, allowAddresses: loopback }),
  ];
  await using server = await startTestHoldpoint({ resumers, deliveries: { schedule: ["10ms"] } });
  const approval = await server.request(refund({ endpoint: "billing" }));
  await server.as("ana").approve(approval);
  await deliveryOf(server, approval, "delivered");
  expect(receiver.messages).toHaveLength(1);
});

test("a receiver that answers with another protocol is taken at its word, and parked", async () => {
  await using receiver = await startReceiver((_n, response) => {
    response.socket?.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n");
  });
  await using server = await start({ endpoints: { billing: { url: receiver.url, secret } } });
  const approval = await server.request(refund({ endpoint: "billing" }));
  await server.as("ana").approve(approval);
  await deliveryOf(server, approval, "failed");
  expect(receiver.messages).toHaveLength(1);
});

const url = "https://billing.example.com/hook";

test.each([
  ["a URL without its beginning", { url: "billing.example.com/hook", secret }, "url"],
  ["a URL of another kind", { url: "ftp://billing.example.com/", secret }, "url"],
  ["a secret that isn't set", { url, secret: undefined as unknown as string }, "secret"],
  ["no secret", { url, secret: "" }, "secret"],
  ["an empty secret", { url, secret: "whsec_" }, "secret"],
  ["a secret that isn't base64", { url, secret: "not base64!" }, "secret"],
  ["no secrets", { url, secret: [] }, "secret"],
  ["a wrong one among its secrets", { url, secret: [secret, "whsec_?"] }, "secret"],
])(
  "an endpoint with %s is refused at once, and parked when only a function knows it",
  async (_what, endpoint, field) => {
    const refused = {
      code: "invalid_request",
      details: [expect.objectContaining({ pointer: `/endpoints/billing/${field}` })],
    };
    expect(() => webhookResumer({ endpoints: { billing: endpoint } })).toThrow(expect.objectContaining(refused));
    await using server = await start({ endpoints: () => endpoint });
    const approval = await server.request(refund({ endpoint: "billing" }));
    await server.as("ana").approve(approval);
    await deliveryOf(server, approval, "failed");
    const admin = server.as("root", { role: "admin" });
    const { items } = await admin.get<{ items: object[] }>(`/deliveries?approvalId=${approval.id}`);
    expect(items).toMatchObject([{ attempts: 1, error: expect.stringContaining(`endpoint's ${field} must`) }]);
  },
);

test("a secret for callbacks that can't be used is refused at once", () => {
  const callbacks = { hosts: ["hooks.example.com"], secret: [] };
  expect(() => webhookResumer({ callbacks })).toThrow(/^callbacks.secret: must/);
});
