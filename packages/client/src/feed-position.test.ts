import type { ChangesFrame } from "@holdpoint/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyFrame, applyHead, type FeedPosition } from "./feed-position.ts";

const start: FeedPosition = { cursor: "start", streams: { "*": 0, "group:legal": 0 } };

/** Frames of one stream that continue each other, with arbitrary stretches. */
const framesOf = (stream: string) =>
  fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 }).map((lengths) => {
    let to = 0;
    return lengths.map((length): ChangesFrame => {
      const from = to;
      to += length;
      return { stream, from, to, changes: [] };
    });
  });

/** Frames of two streams as a bad line delivers them: some lost, some repeated, in any order. */
const delivered = fc
  .tuple(framesOf("*"), framesOf("group:legal"))
  .chain(([one, two]) => fc.array(fc.constantFrom(...one, ...two, { stream: "*", from: 0, to: 0, changes: [] })));

test("whatever the line does to frames, a stream's position covers only what was applied without a gap", () => {
  fc.assert(
    fc.property(delivered, (frames) => {
      const covered: Record<string, number> = { "*": 0, "group:legal": 0 };
      let position = start;
      for (const frame of frames) {
        const applied = applyFrame(position, frame);
        if (applied.verdict !== "apply") continue;
        expect(frame.from).toBeLessThanOrEqual(covered[frame.stream] ?? Number.NaN);
        covered[frame.stream] = frame.to;
        position = applied.position;
      }
      expect(position.streams).toEqual(covered);
    }),
  );
});

test("frames that all arrive, in order but some of them twice, are applied once each", () => {
  fc.assert(
    fc.property(framesOf("*"), fc.infiniteStream(fc.boolean()), (frames, repeats) => {
      const repeated = frames.flatMap((frame) => (repeats.next().value ? [frame, frame] : [frame]));
      let position = start;
      const verdicts = repeated.map((frame) => {
        const applied = applyFrame(position, frame);
        if (applied.verdict === "apply") position = applied.position;
        return applied.verdict;
      });
      expect(verdicts.filter((verdict) => verdict === "apply")).toHaveLength(frames.length);
      expect(verdicts).not.toContain("gap");
    }),
  );
});

test("a frame after one that is missing is a gap, and so is one of a stream that we are not in", () => {
  expect(applyFrame(start, { stream: "*", from: 3, to: 4, changes: [] }).verdict).toBe("gap");
  expect(applyFrame(start, { stream: "group:new", from: 0, to: 4, changes: [] }).verdict).toBe("gap");
});

test("a head beat gives a cursor to whoever has everything, and shows a lost frame to whoever has not", () => {
  const now = "2026-01-01T00:00:00.000Z";
  const head = { cursor: "later", streams: { "*": 5, "group:legal": 0 }, now };
  expect(applyHead(start, head).verdict).toBe("gap");
  const applied = applyFrame(start, { stream: "*", from: 0, to: 5, changes: [] });
  const position = applied.verdict === "apply" ? applied.position : start;
  expect(applyHead(position, head)).toEqual({ verdict: "apply", position: { ...position, cursor: "later" } });
});
