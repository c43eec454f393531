import type { Viewer } from "@holdpoint/core";
import type { KyselyPlugin } from "kysely";
import { pino } from "pino";
import { expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import type { Store } from "../store/store.ts";
import { openTestStore } from "../store/test-databases.ts";
import { createLogTail } from "./log-tail.ts";
import { subscribeViewer } from "./subscription.ts";

/** A store that counts what is read from it. */
function countingReads(store: Store): { store: Store; reads: () => number } {
  let reads = 0;
  const counter: KyselyPlugin = {
    transformQuery({ node }) {
      reads++;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { store: { ...store, reader: store.reader.withPlugin(counter) }, reads: () => reads };
}

function viewers(count: number): Viewer[] {
  const classes: Omit<Viewer, "tenantId">[] = [
    { id: "ana", role: "reviewer", groups: ["finance"] },
    { id: "bo", role: "reviewer", groups: ["legal", "finance"] },
    { id: "kim", role: "admin", groups: [] },
    { id: "agent", role: "requester", groups: [] },
  ];
  return Array.from(
    { length: count },
    (_, i) => ({ tenantId: "acme", ...(classes[i % classes.length] ?? classes[0]) }) as Viewer,
  );
}

async function append(store: Store, count: number): Promise<void> {
  const event = { type: "run.created", runId: "run_1", data: {}, at: new Date().toISOString() } as const;
  await store.write((tx) =>
    tx.append(
      "acme",
      Array.from({ length: count }, () => event),
    ),
  );
}

test("two thousand who come back at once cost fifty reads at most, with a cursor or without", async () => {
  await using database = await openTestStore();
  const { store, reads } = countingReads(database);
  await append(database, 5);
  const log = createLogTail({ store, clock: systemClock, logger: pino({ enabled: false }) });
  const ctx = { store, clock: systemClock };
  const answers = await Promise.all(viewers(2_000).map((viewer) => subscribeViewer(ctx, log, viewer, {})));
  expect(answers.every((answer) => "snapshot" in answer)).toBe(true);
  expect(reads()).toBeLessThanOrEqual(50);
  await append(database, 5);
  await (await log.follow("acme")).advance();
  const before = reads();
  const again = await Promise.all(
    viewers(2_000).map((viewer, i) => subscribeViewer(ctx, log, viewer, { cursor: answers[i]?.cursor })),
  );
  expect(again.every((answer) => "changes" in answer)).toBe(true);
  expect(reads() - before).toBeLessThanOrEqual(50);
  await log.stop();
});

test("more changes than were asked for come in parts that continue each other", async () => {
  await using store = await openTestStore();
  const log = createLogTail({ store, clock: systemClock, logger: pino({ enabled: false }) });
  const ctx = { store, clock: systemClock };
  const [viewer] = viewers(1) as [Viewer];
  let { cursor } = await subscribeViewer(ctx, log, viewer, {});
  await append(store, 10);
  await (await log.follow("acme")).advance();
  const ends: (number | undefined)[] = [];
  for (let more: boolean | undefined = true; more; ) {
    const answer = await subscribeViewer(ctx, log, viewer, { cursor, limit: 4 });
    cursor = answer.cursor;
    more = "changes" in answer && answer.more;
    ends.push(answer.streams["*"]);
  }
  expect(ends).toEqual([4, 8, 10]);
  await log.stop();
});
