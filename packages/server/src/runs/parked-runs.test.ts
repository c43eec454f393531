import { expect, test, vi } from "vitest";
import { ParkedRuns } from "./parked-runs.ts";
import type { RunRow, StoredRun } from "./run-record.ts";

/** A stored run, of which only these fields matter here. */
function storedRun(status: string, input = "null"): StoredRun {
  return { row: { status, input } as RunRow, steps: [] };
}

/** Parked runs whose reads the test answers, in the order they were begun. */
function startParked() {
  const reads: PromiseWithResolvers<StoredRun | undefined>[] = [];
  const read = vi.fn((_runId: string) => {
    const answer = Promise.withResolvers<StoredRun | undefined>();
    reads.push(answer);
    return answer.promise;
  });
  const failed = vi.fn();
  return { parked: new ParkedRuns({ read, failed }), reads, read, failed };
}

test("a run that waits is known until something happens to it", async () => {
  const { parked, reads } = startParked();
  parked.park("a");
  const waiting = storedRun("waiting");
  reads[0]?.resolve(waiting);
  await parked.ended();
  expect(parked.take("b")).toBeUndefined();
  expect(parked.take("a")).toBe(waiting);
  expect(parked.take("a")).toBeUndefined();
});

test("a run isn't known before it was read", async () => {
  const { parked, reads } = startParked();
  parked.park("a");
  expect(parked.take("a")).toBeUndefined();
  reads[0]?.resolve(storedRun("waiting"));
  await parked.ended();
});

test("what was read of a run to which something happens meanwhile doesn't count", async () => {
  const { parked, reads } = startParked();
  parked.park("a");
  parked.take("a");
  reads[0]?.resolve(storedRun("waiting"));
  await parked.ended();
  expect(parked.take("a")).toBeUndefined();
});

test("a run that waits anew is read anew", async () => {
  const { parked, reads, read } = startParked();
  parked.park("a");
  parked.take("a");
  parked.park("a");
  reads[0]?.resolve(storedRun("waiting", '"old"'));
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  reads[1]?.resolve(storedRun("waiting", '"new"'));
  await parked.ended();
  expect(parked.take("a")?.row.input).toBe('"new"');
});

test.each(["running", "queued", "completed", undefined])("a run that was read as %s isn't kept", async (status) => {
  const { parked, reads } = startParked();
  parked.park("a");
  reads[0]?.resolve(status === undefined ? undefined : storedRun(status));
  await parked.ended();
  expect(parked.take("a")).toBeUndefined();
});

test("a run that can't be read isn't known, and is read when it waits again", async () => {
  const { parked, reads, failed } = startParked();
  parked.park("a");
  const error = new Error("The database is away.");
  reads[0]?.reject(error);
  await parked.ended();
  expect(failed.mock.calls).toEqual([["a", error]]);
  parked.park("a");
  reads[1]?.resolve(storedRun("waiting"));
  await parked.ended();
  expect(parked.take("a")).toBeDefined();
});

test("what is kept is bounded: the oldest run is forgotten first, and a large one isn't kept", async () => {
  const { parked, reads } = startParked();
  const inputs = [1_200_000, 600_000, 600_000, 3_000_000].map((length) => "x".repeat(length));
  for (const [i, input] of inputs.entries()) {
    parked.park(`run ${i}`);
    reads[i]?.resolve(storedRun("waiting", input));
    await parked.ended();
  }
  expect(inputs.map((_, i) => parked.take(`run ${i}`) !== undefined)).toEqual([false, true, true, false]);
});
