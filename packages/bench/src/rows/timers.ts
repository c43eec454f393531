import { createHoldpoint, sessionTokens } from "@holdpoint/server";
import type { Figure, Row } from "../figure.ts";
import { type Percentiles, percentiles } from "../percentiles.ts";
import { makeWorkspace } from "../workspace.ts";

const count = 50;
/** Seconds until the first is due; the others follow, none at the moment of another. */
const firstDueSeconds = 2;
const staggerMs = 73;
const mostLateMs = 1_000;

/** How late approvals time out, beside plain timers for the same moments in the same process. */
export const timers: Row = { name: "timers", measure };

async function measure(): Promise<Figure[]> {
  await using workspace = await makeWorkspace();
  const timed = await timeouts(`sqlite:${workspace.path("holdpoint.db")}`);
  const early = timed.filter(({ early }) => early).length;
  const late = percentiles(timed.map(({ lateMs }) => lateMs));
  const raw = percentiles(timed.map(({ rawMs }) => rawMs));
  return [
    {
      what: `${count} approvals that time out, at staggered moments`,
      measured: `${formatLateness(late)} late, ${early} early`,
      bar: "none early, max <= 1,000 ms",
      met: early === 0 && late.max <= mostLateMs,
      beside: `setTimeout: ${formatLateness(raw)}`,
    },
  ];
}

/** One approval that has timed out. */
interface TimedOut {
  /** Whether it ended before its time. */
  early: boolean;
  /** How long after its time it was seen to have ended, durably. */
  lateMs: number;
  /** The same of a plain timer for that moment. */
  rawMs: number;
}

async function timeouts(database: string): Promise<TimedOut[]> {
  const holdpoint = createHoldpoint({
    database,
    authenticate: sessionTokens({ secret: "a secret for benchmarks, 32 bytes or more" }).authenticate,
  });
  await holdpoint.start();
  try {
    const measured = Array.from({ length: count }, async (_, i) => {
      await timer(i * staggerMs);
      const asked = await holdpoint.approvals.request({ title: `Time out ${i}?`, timeout: `${firstDueSeconds}s` });
      const due = Date.parse(asked.deadlineAt ?? "");
      const raw = timer(due - Date.now()).then(() => Date.now() - due);
      const ended = await holdpoint.approvals.wait(asked.id);
      const lateMs = Date.now() - due;
      if (ended.status !== "timed_out") throw new Error(`Approval ${ended.id} is ${ended.status}.`);
      return { early: Date.parse(ended.resolvedAt ?? "") < due, lateMs, rawMs: await raw };
    });
    return await Promise.all(measured);
  } finally {
    await holdpoint.stop();
  }
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function formatLateness({ p50, max }: Percentiles): string {
  return `p50 ${p50.toFixed(0)} ms, max ${max.toFixed(0)} ms`;
}
