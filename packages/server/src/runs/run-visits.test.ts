import { expect, test, vi } from "vitest";
import { RunVisits } from "./run-visits.ts";

/** Visits whose reads the test answers, in the order they were begun. */
function startVisits() {
  const reads: PromiseWithResolvers<string>[] = [];
  const read = vi.fn((_runId: string) => {
    const answer = Promise.withResolvers<string>();
    reads.push(answer);
    return answer.promise;
  });
  const found = vi.fn();
  const failed = vi.fn();
  return { visits: new RunVisits<string>({ read, found, failed }), reads, read, found, failed };
}

test("runs are read apart, each once", async () => {
  const { visits, reads, read, found } = startVisits();
  visits.visit("a");
  visits.visit("b");
  expect(read.mock.calls).toEqual([["a"], ["b"]]);
  expect(visits.runIds).toEqual(["a", "b"]);
  reads[1]?.resolve("B");
  reads[0]?.resolve("A");
  await visits.ended();
  expect(found.mock.calls).toEqual([
    ["b", "B"],
    ["a", "A"],
  ]);
  expect(visits.runIds).toEqual([]);
});

test("news while a run is read has it read again, and only what was read last counts", async () => {
  const { visits, reads, read, found } = startVisits();
  visits.visit("a");
  visits.visit("a");
  visits.visit("a");
  expect(read).toHaveBeenCalledTimes(1);
  reads[0]?.resolve("old");
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  expect(found).not.toHaveBeenCalled();
  reads[1]?.resolve("new");
  await visits.ended();
  expect(found.mock.calls).toEqual([["a", "new"]]);
});

test("what was read of a run that is taken up meanwhile counts no more", async () => {
  const { visits, reads, found } = startVisits();
  visits.visit("a");
  visits.takenUp("a");
  visits.takenUp("b");
  reads[0]?.resolve("A");
  await visits.ended();
  expect(found.mock.calls).toEqual([["a", undefined]]);
});

test("news after it was taken up counts", async () => {
  const { visits, reads, read, found } = startVisits();
  visits.visit("a");
  visits.takenUp("a");
  visits.visit("a");
  reads[0]?.resolve("old");
  await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  reads[1]?.resolve("new");
  await visits.ended();
  expect(found.mock.calls).toEqual([["a", "new"]]);
});

test("a run that can't be read is looked at again with the next news", async () => {
  const { visits, reads, found, failed } = startVisits();
  visits.visit("a");
  const error = new Error("The database is away.");
  reads[0]?.reject(error);
  await visits.ended();
  expect(failed.mock.calls).toEqual([["a", error]]);
  visits.visit("a");
  reads[1]?.resolve("A");
  await visits.ended();
  expect(found.mock.calls).toEqual([["a", "A"]]);
});
