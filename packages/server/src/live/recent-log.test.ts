import { type LogEvent, logEventHash, type NewEvent, zeroHash } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { RecentLog } from "./recent-log.ts";

const capacity = 20;

/** A log of `length` events; `history` makes logs of different content. */
function eventsOf(length: number, history = "one"): LogEvent[] {
  const events: LogEvent[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const event: NewEvent = {
      type: "approval.requested",
      approvalId: `apr_${seq}`,
      data: history,
      at: "2026-01-01T00:00:00.000Z",
    };
    const link = { ...event, tenantId: "acme", seq, prevHash: events.at(-1)?.hash ?? zeroHash };
    events.push({ ...link, hash: logEventHash(link) });
  }
  return events;
}

function recentOf(events: readonly LogEvent[], chunk: number): RecentLog {
  const recent = new RecentLog({ seq: 0, hash: zeroHash }, capacity);
  for (let i = 0; i < events.length; i += chunk) recent.append(events.slice(i, i + chunk));
  return recent;
}

function place(head: { seq: number; hash: string }) {
  const decoded = decodeCursor(encodeCursor(head));
  if (!decoded) throw new Error("not a cursor");
  return decoded;
}

test("everything after a place that is not too long ago is remembered, however it came in", () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 1, max: 40 }), (length, seq, chunk) => {
      fc.pre(seq <= length);
      const events = eventsOf(length);
      const head = events[seq - 1] ?? { seq: 0, hash: zeroHash };
      const since = recentOf(events, chunk).since(place(head));
      if (length - seq > capacity) expect(since).toBeUndefined();
      else expect(since?.map((entry) => entry.seq)).toEqual(events.slice(seq).map((event) => event.seq));
    }),
  );
});

test("a place in another log, or beyond the end, is not found", () => {
  const other = eventsOf(10, "another").at(-1);
  const recent = recentOf(eventsOf(10), 3);
  expect(recent.since(place({ seq: 10, hash: other?.hash ?? "" }))).toBeUndefined();
  expect(recent.since(place({ seq: 11, hash: zeroHash }))).toBeUndefined();
});

test("the head is the last event, or where the log began", () => {
  const events = eventsOf(3);
  expect(recentOf(events, 1).head.hash).toBe(events[2]?.hash);
  expect(recentOf([], 1).head).toEqual({ seq: 0, hash: zeroHash });
});
