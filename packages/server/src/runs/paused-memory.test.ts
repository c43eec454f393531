import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { ana, decide, eventually, reaches, startTestNode } from "./test-runs.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("A1: a paused run holds no memory, and still goes on", async () => {
  const drafts: WeakRef<object>[] = [];
  const heavy = workflow("heavy", { version: 1 }, async (run) => {
    const draft = { text: "x".repeat(1_000) };
    drafts.push(new WeakRef(draft));
    const [review] = await Promise.all([run.approval("ask", { title: "?" }), run.sleep("nap", "1ms")]);
    return { status: review.status, length: draft.text.length };
  });
  await using node = await startTestNode({ workflows: [heavy] });
  const runs = await Promise.all(
    Array.from({ length: 20 }, () => node.runs.start(ana, { workflow: "heavy", input: 0 })),
  );
  for (const run of runs) {
    await reaches(node, run, ({ steps, status }) => status === "waiting" && steps?.[1]?.status === "completed");
  }
  await eventually(async () => {
    collectGarbage();
    return drafts.every((draft) => draft.deref() === undefined);
  });
  for (const run of runs) {
    await decide(node, await node.runs.get(ana, run.id), "ask", { approved: true });
    expect(await node.runs.wait(ana, run.id)).toMatchObject({ output: { status: "approved", length: 1_000 } });
  }
});
