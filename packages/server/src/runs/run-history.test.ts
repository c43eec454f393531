import { expect, test } from "vitest";
import { RunHistory } from "./run-history.ts";
import type { StepRecord } from "./step-record.ts";

test("a wait that began anew takes no result from before that, whoever still brings it", () => {
  const waiting: StepRecord = {
    name: "first",
    kind: "event",
    status: "waiting",
    attempts: 1,
    startedAt: "2026-01-01T00:00:00.000Z",
    position: 0,
  };
  const history = new RunHistory([waiting]);
  history.reopen("first", 2);
  expect(history.settle({ ...waiting, status: "completed", output: 1, eventSeq: 7, settled: 1 })).toBe(false);
  expect(history.get("first")).toEqual(waiting);
  expect(history.known).toBe(1);
  expect(history.settle({ ...waiting, status: "completed", output: 2, eventSeq: 8, settled: 3 })).toBe(true);
  expect(history.get("first")).toMatchObject({ output: 2 });
});
