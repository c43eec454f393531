import { createClient } from "@holdpoint/client";
import type { Approval } from "@holdpoint/core";
import { createManualClock, startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test, vi } from "vitest";
import { newsletter, staleNewsletters } from "./newsletter.ts";

async function startNewsletter() {
  const clock = createManualClock();
  const server = await startTestHoldpoint({ workflows: [newsletter], clock });
  const client = createClient({ url: server.url, getToken: () => server.token("kim") });
  await server.as("sam").startRun({ workflow: "newsletter", input: { topic: "terraces" } });
  /** What is asked, once it is. */
  const asked = (step: string): Promise<Approval> =>
    vi.waitUntil(async () => (await server.as("kim").inbox()).find(({ title }) => title.includes(step)), {
      timeout: 60_000,
    });
  return { clock, server, client, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test("D2: a review waits for as long as it takes, and is listed as stale after two days", async () => {
  await using office = await startNewsletter();
  const { id } = await office.asked("text");
  office.clock.advance(48 * 3_600_000 - 60_000);
  expect(await staleNewsletters(office.client)).toEqual([]);
  office.clock.advance(60_000);
  expect(await staleNewsletters(office.client)).toMatchObject([{ id }]);
  expect(await office.server.as("kim").approval(id)).toMatchObject({ status: "pending" });
  expect((await office.server.as("kim").approval(id)).deadlineAt).toBeUndefined();
});

test("D2: a review with a time limit is escalated after two days", async () => {
  await using office = await startNewsletter();
  await office.server.as("kim").approve(await office.asked("text"));
  const { id } = await office.asked("readers");
  office.clock.advance(47 * 3_600_000);
  expect(await office.server.eventTypes({ id })).toEqual(["approval.requested"]);
  await expect
    .poll(() => {
      office.clock.advance(3_600_000);
      return office.server.eventTypes({ id });
    })
    .toEqual(["approval.requested", "approval.escalated"]);
});
