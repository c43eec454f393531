import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Approval } from "../approval/approval.ts";
import { eventsBetween } from "../approval/approval-events.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import { createApproval } from "../approval/create-approval.ts";
import type { Decision } from "../approval/decision.ts";
import type { LadderRung } from "../approval/ladder-rung.ts";
import { applyDue, dueRungs, mergedLadder, nextDueAt, rungDueAt } from "./ladder.ts";

const start = Date.parse("2026-11-20T12:00:00.000Z");
const at = (ms: number) => new Date(start + ms).toISOString();
const hour = 3_600_000;
const pending = (request: Partial<ApprovalRequest>) =>
  createApproval({ title: "T", ...request }, { id: "apr_1", tenantId: "acme", now: at(0) });
const remind = (after: string): LadderRung => ({ after, remind: true });
const escalate = (after: string, ...users: string[]): LadderRung => ({ after, escalate: { users } });
const story = (from: Approval, states: Approval[]) =>
  states.flatMap((after, i) => eventsBetween(states[i - 1] ?? from, after)).map(({ type, data }) => ({ type, data }));
const types = (from: Approval, states: Approval[]) => story(from, states).map(({ type }) => type);

describe("a ladder", () => {
  const asked = pending({
    reviewers: { users: ["ana"] },
    ladder: [remind("1h"), escalate("2h", "bo"), remind("3h")],
    timeout: "4h",
  });

  test("brings each thing at its time", () => {
    const told: unknown[] = [];
    let approval = asked;
    for (const now of [1, 2, 3, 4].map((hours) => at(hours * hour))) {
      expect(nextDueAt(approval)).toBe(now);
      expect(applyDue(approval, new Date(Date.parse(now) - 1).toISOString())).toEqual([]);
      const states = applyDue(approval, now);
      told.push(...story(approval, states));
      approval = states.at(-1) ?? approval;
    }
    expect(told).toEqual([
      { type: "approval.reminded", data: { stage: 0, rung: 1, skipped: 0 } },
      {
        type: "approval.escalated",
        data: { stage: 0, rung: 2, added: { users: ["bo"], groups: [] }, removed: { users: [], groups: [] } },
      },
      { type: "approval.reminded", data: { stage: 0, rung: 3, skipped: 0 } },
      {
        type: "approval.resolved",
        data: { outcome: { status: "timed_out", approved: false, decidedBy: [], escalated: true } },
      },
    ]);
    expect(nextDueAt(approval)).toBeUndefined();
  });

  test("gives one reminder for all that were missed, the last of them", () => {
    const approval = pending({ ladder: ["1h", "2h", "3h", "4h"].map(remind) });
    const states = applyDue(approval, at(3 * hour));
    expect(story(approval, states)).toEqual([{ type: "approval.reminded", data: { stage: 0, rung: 3, skipped: 2 } }]);
    expect(states.at(-1)?.version).toBe(2);
  });

  test("makes up for escalations in order before a timeout, and reminds nobody of what has ended", () => {
    const approval = pending({
      reviewers: { users: ["ana"] },
      ladder: [escalate("1h", "bo"), remind("2h"), escalate("3h", "cy")],
      timeout: "4h",
    });
    const states = applyDue(approval, at(400 * 24 * hour));
    expect(types(approval, states)).toEqual(["approval.escalated", "approval.escalated", "approval.resolved"]);
    expect(states.map(({ stages }) => stages[0]?.users)).toEqual([
      ["ana", "bo"],
      ["ana", "bo", "cy"],
      ["ana", "bo", "cy"],
    ]);
    expect(states.at(-1)?.outcome).toMatchObject({ status: "timed_out", escalated: true });
  });

  test("goes no further once an escalation leaves only people who have approved", () => {
    const ana = {
      id: "dec_1",
      type: "approve",
      by: { id: "ana" },
      via: "ui",
      at: at(0),
      stage: 0,
      revision: 1,
    } as const;
    const approval: Approval = {
      ...pending({
        reviewers: { users: ["ana", "bo"], quorum: "all" },
        ladder: [{ after: "1h", escalate: { users: ["ana"], replace: true } }, escalate("2h", "cy")],
        timeout: "3h",
      }),
    };
    approval.decisions = [{ ...ana, digest: approval.digest }];
    expect(applyDue(approval, at(3 * hour)).map(({ status }) => status)).toEqual(["approved"]);
  });

  test("brings nothing to what has ended", () => {
    const ended = { ...asked, status: "cancelled" as const };
    expect([applyDue(ended, at(9 * hour)), dueRungs(ended, at(9 * hour)), nextDueAt(ended)]).toEqual([
      [],
      [],
      undefined,
    ]);
  });
});

describe("while nobody can say who is in a group", () => {
  const ladder: LadderRung[] = [
    escalate("1h", "bo"),
    { after: "2h", escalate: { groups: ["legal"], replace: true } },
    escalate("3h", "cy"),
  ];
  const unknown = { groupMembers: "unavailable" } as const;
  const approvedBy = (id: string, request: Partial<ApprovalRequest>): Approval => {
    const approval = pending({ reviewers: { users: [id, "dan"], quorum: "all" }, ladder, ...request });
    const { revision, digest } = approval;
    const yes: Decision = {
      id: "dec_1",
      type: "approve",
      by: { id },
      via: "ui",
      at: at(0),
      stage: 0,
      revision,
      digest,
    };
    return { ...approval, decisions: [yes] };
  };

  test("a rung that depends on it waits, and so do those behind it, until it is known", () => {
    const approval = approvedBy("ana", {});
    const states = applyDue(approval, at(9 * hour), unknown);
    expect(states.map(({ rung }) => rung)).toEqual([1]);
    const [reached = approval] = states;
    expect(applyDue(reached, at(10 * hour), unknown)).toEqual([]);
    const later = applyDue(reached, at(11 * hour), { groupMembers: { legal: ["eve"] } });
    expect(later.map(({ rung, status }) => [rung, status])).toEqual([
      [2, "pending"],
      [3, "pending"],
    ]);
  });

  test.each([
    ["times out", { timeout: "9h" }, "timed_out"],
    ["is withdrawn at the end of its lease", { lease: "9h" }, "cancelled"],
    ["ends by what comes first", { lease: "8h", timeout: "9h" }, "cancelled"],
  ] as const)("an approval %s all the same", (_, request, status) => {
    const approval = approvedBy("ana", request);
    expect(applyDue(approval, at(9 * hour), unknown).map((state) => [state.rung, state.status])).toEqual([
      [1, "pending"],
      [1, status],
    ]);
  });

  test("a rung that doesn't depend on it is taken", () => {
    const open = pending({ reviewers: { users: ["ana"] }, ladder, timeout: "9h" });
    expect(applyDue(open, at(4 * hour), unknown).map(({ rung }) => rung)).toEqual([1, 2, 3]);
  });
});

interface Climb {
  request: Partial<ApprovalRequest>;
  readings: number[];
}

const climb: fc.Arbitrary<Climb> = fc
  .record({
    times: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 8 }),
    kinds: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    timeout: fc.option(fc.integer({ min: 100, max: 120 }), { nil: undefined }),
    readings: fc.array(fc.integer({ min: -50, max: 150 }), { maxLength: 12 }),
  })
  .map(({ times, kinds, timeout, readings }) => ({
    request: {
      reviewers: { users: ["ana"] },
      ladder: times.map((ms, i) => (kinds[i] ? remind(`${ms}ms`) : escalate(`${ms}ms`, `u${ms}`))),
      timeout: timeout === undefined ? undefined : `${timeout}ms`,
    },
    readings,
  }));

test("whatever the ladder and the clock, each rung comes at most once, in order, never early, and the timeout last", () => {
  fc.assert(
    fc.property(climb, ({ request, readings }) => {
      let approval = pending(request);
      const reached: number[] = [];
      for (const now of readings.map(at)) {
        const states = applyDue(approval, now);
        expect(states.length === 0).toBe(!isDue(approval, now));
        const reminders = states.filter((after, i) => reminded(states[i - 1] ?? approval, after));
        expect(reminders.length).toBeLessThanOrEqual(1);
        for (const [i, after] of states.entries()) {
          expect(after.version).toBe((states[i - 1] ?? approval).version + 1);
          if (after.status === "timed_out") expect([i, reminders.length]).toEqual([states.length - 1, 0]);
          else reached.push(after.rung ?? 0);
          const rung = after.ladder[(after.rung ?? 0) - 1];
          if (rung) expect(rungDueAt(after, rung) <= now).toBe(true);
        }
        approval = states.at(-1) ?? approval;
        expect(isDue(approval, now)).toBe(false);
      }
      expect(reached).toEqual([...new Set(reached)].sort((a, b) => a - b));
      const missed = approval.ladder.filter((rung, i) => "escalate" in rung && !reached.includes(i + 1));
      const latest = Math.max(...readings, Number.NEGATIVE_INFINITY);
      expect(missed.every((rung) => latest < Number.parseInt(rung.after, 10))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

function isDue(approval: Approval, now: string): boolean {
  const next = nextDueAt(approval);
  return next !== undefined && next <= now;
}

function reminded(before: Approval, after: Approval): boolean {
  return eventsBetween(before, after).some(({ type }) => type === "approval.reminded");
}

test("rungs from several places make one ladder that can be asked for", () => {
  const rungs = [
    escalate("2h", "bo"),
    remind("60m"),
    { ...remind("1h"), at: at(0) },
    remind("2h"),
    escalate("120m", "cy"),
  ];
  const ladder = mergedLadder([...rungs, remind("4h")], "4h");
  expect(ladder).toEqual([remind("1h"), { after: "2h", escalate: { users: ["bo", "cy"], groups: [] } }]);
  expect(pending({ ladder, timeout: "4h" }).ladder).toEqual(ladder);
});
