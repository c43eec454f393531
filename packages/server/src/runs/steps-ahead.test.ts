import fc from "fast-check";
import { expect, test } from "vitest";
import type { StepRecord } from "./step-record.ts";
import { StepsAhead } from "./steps-ahead.ts";

const now = "2026-01-01T00:00:00.000Z";
const gate = { name: "ask", approvalId: "apr_1", output: '{"status":"approved"}', now };

function step(name: string, fields: Partial<StepRecord> = {}): StepRecord {
  return { name, kind: "step", status: "completed", attempts: 1, startedAt: now, position: 0, ...fields };
}

const open = step("ask", { kind: "approval", status: "waiting", approvalId: "apr_1" });
const settled = (place: number): StepRecord => {
  return { ...open, status: "completed", output: { status: "approved" }, settled: place, finishedAt: now };
};

async function read(steps: StepRecord[], place: number): Promise<StepRecord[] | undefined> {
  const ahead = new StepsAhead(async () => steps, { ...gate, settled: place });
  ahead.read();
  return ahead.steps();
}

test("gives a gate that was read before its commit the result that comes with it", async () => {
  expect(await read([step("a", { settled: 1 }), open], 2)).toEqual([step("a", { settled: 1 }), settled(2)]);
});

test("leaves what was read after the commit as it is", async () => {
  const steps = [settled(1), step("b", { settled: 2 })];
  expect(await read(steps, 1)).toEqual(steps);
});

test.each([
  ["without the gate", [step("a", { settled: 1 })], 2],
  ["with the gate asking for another approval", [{ ...open, approvalId: "apr_0" }], 1],
  ["without a result that came before", [open], 2],
])("doesn't tell what it was read %s", async (_, steps, place) => {
  expect(await read(steps, place)).toBeUndefined();
});

test("doesn't tell when it could not be read, or was not", async () => {
  const ahead = new StepsAhead(() => Promise.reject(new Error("closed")), { ...gate, settled: 1 });
  expect(await ahead.steps()).toBeUndefined();
  ahead.read();
  expect(await ahead.steps()).toBeUndefined();
});

test("tells all or nothing, whatever of the commits before was seen", async () => {
  const history = fc.record({ before: fc.nat(6), seen: fc.nat(7) });
  await fc.assert(
    fc.asyncProperty(history, async ({ before, seen }) => {
      const others = Array.from({ length: before }, (_, i) => step(`s${i}`, { settled: i + 1 }));
      const truth = [...others, settled(before + 1)];
      const snapshot = truth.map((each, i) => {
        if (i < seen) return each;
        return i === before ? open : step(each.name, { status: "waiting" });
      });
      const steps = await read(snapshot, before + 1);
      expect(steps).toEqual(seen >= before ? truth : undefined);
    }),
  );
});
