import { channelConformance, type ServiceState } from "@holdpoint/core/conformance";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { chatChannel } from "./chat-channel.ts";
import { type Service, startService } from "./test-service.ts";

const answers: Record<ServiceState, Service["answer"]> = {
  up: (response) => void response.end("msg_1"),
  down: (response) => void response.writeHead(503).end(),
  refusing: (response) => void response.writeHead(403).end(),
  busy: (response) => void response.writeHead(429, { "retry-after": "7" }).end(),
  silent: () => undefined,
};

const channelTo = ({ url }: Service) => chatChannel({ url, token: "secret", room: "approvals" });

test.each([...channelConformance])("the chat channel: $name", async ({ run }) => {
  await using chat = await startService(answers.up);
  await run({
    channel: channelTo(chat),
    service: (state) => {
      chat.answer = answers[state];
    },
    received: () => chat.calls.map(({ body }) => body),
  });
});

test("a request is posted in the room that it names, and its end in the thread", async () => {
  await using chat = await startService(answers.up);
  await using server = await startTestHoldpoint({ channels: { chat: channelTo(chat) } });
  const destinations = [{ type: "slack" as const, channelId: "refunds" }];
  const approval = await server.request({ title: "Refund order 7", destinations });
  await expect.poll(() => chat.calls.length).toBe(1);
  await server.as("ana").approve(approval);
  await expect.poll(() => chat.calls.length).toBe(2);
  expect(chat.calls.map(({ body }) => JSON.parse(body))).toEqual([
    { room: "refunds", plainText: expect.stringMatching(/^Refund order 7$/m) },
    { room: "refunds", thread: "msg_1", plainText: expect.stringMatching(/^Refund order 7: approved$/m) },
  ]);
});

test("a destination that the chat doesn't have is parked with the reason", async () => {
  await using chat = await startService(answers.up);
  await using server = await startTestHoldpoint({ channels: { chat: channelTo(chat) } });
  await server.request({ title: "Refund order 7", destinations: [{ type: "slack", email: "ana@acme.example" }] });
  const deliveries = () => server.as("root", { role: "admin" }).get<{ items: object[] }>("/deliveries");
  await expect
    .poll(async () => (await deliveries()).items)
    .toMatchObject([{ status: "parked", error: expect.stringContaining("name a channelId") }]);
  expect(chat.calls).toEqual([]);
});
