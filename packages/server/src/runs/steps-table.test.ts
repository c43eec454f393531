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
});
