import { describe, expect, test } from "vitest";
import { openTestStore, testDatabases } from "../store/test-databases.ts";
import type { StepRecord } from "./step-record.ts";
import { saveSteps, stepsOf } from "./steps-table.ts";

const sent: StepRecord = {
  name: "send",
  kind: "step",
  status: "completed",
  output: { id: 7 },
  attempts: 1,
  position: 0,
  settled: 1,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.000Z",
};

describe.each(testDatabases)("steps on $name", (kind) => {
  test("a step that has settled stays as it is, whatever is written late", async () => {
    await using store = await openTestStore(kind);
    const save = (step: StepRecord) => store.write((tx) => saveSteps(tx, [{ runId: "run_1", step }]));
    const { output: _, finishedAt: __, settled: ___, ...begun } = sent;
    await save({ ...begun, status: "running" });
    await save(sent);
    await save({ ...begun, status: "running" });
    await save({ ...begun, status: "waiting", attempts: 2, error: { name: "Error", message: "late" } });
    await save({ ...sent, output: { id: 8 }, settled: 2 });
    expect((await stepsOf(store.reader, ["run_1"])).get("run_1")).toEqual([sent]);
  });

  test("that a step runs changes nothing where more is known of the attempt, or where the run has let go of it", async () => {
    await using store = await openTestStore(kind);
    const { output: _, finishedAt, settled: ___, ...begun } = sent;
    const running = { ...begun, status: "running" as const };
    const save = (step: StepRecord) => store.write((tx) => saveSteps(tx, [{ runId: "run_1", step }]));
    const saved = async () => (await stepsOf(store.reader, ["run_1"])).get("run_1")?.[0];
    const failed = { ...begun, status: "waiting" as const, wakeAt: "2026-01-01T01:00:00.000Z" };
    await save(failed);
    await save(running);
    expect(await saved()).toEqual(failed);
    await save({ ...running, attempts: 2 });
    expect(await saved()).toEqual({ ...running, attempts: 2 });
    const cancelled = { ...begun, status: "cancelled" as const, finishedAt };
    await save(cancelled);
    await save({ ...running, attempts: 2 });
    expect(await saved()).toEqual(cancelled);
    await save(sent);
    expect(await saved()).toEqual(sent);
  });
});
