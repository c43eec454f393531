import type { Notification, NotificationChannel } from "@holdpoint/core";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { release } from "./release.ts";

function recordingChannel(type: NonNullable<NotificationChannel["type"]>) {
  const sent: Notification[] = [];
  const channel: NotificationChannel = {
    type,
    async send(notification) {
      sent.push(notification);
      return {};
    },
  };
  return { channel, sent };
}

test("B3: the request goes to the channel that is configured for its destination's type", async () => {
  const [chat, mail] = [recordingChannel("slack"), recordingChannel("email")];
  const channels = { chat: chat.channel, mail: mail.channel };
  await using server = await startTestHoldpoint({ workflows: [release], channels });
  await server.as("sam").startRun({ workflow: "release", input: { version: "2.1" } });
  await expect.poll(() => chat.sent).toHaveLength(1);
  expect(chat.sent).toMatchObject([
    { cause: "requested", message: "Release 2.1?", destination: { type: "slack", channelId: "C042RELEASES" } },
  ]);
  expect(mail.sent).toEqual([]);
});

test("B3: without such a channel it is parked in sight", async () => {
  await using server = await startTestHoldpoint({ workflows: [release] });
  await server.as("sam").startRun({ workflow: "release", input: { version: "2.1" } });
  const deliveries = () => server.as("root", { role: "admin" }).get<{ items: object[] }>("/deliveries");
  await expect
    .poll(async () => (await deliveries()).items)
    .toMatchObject([{ status: "parked", error: 'No channel for destinations of type "slack" is configured.' }]);
});
