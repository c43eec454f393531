import { type Viewer, workflow } from "@holdpoint/core";
import { createHoldpoint, type Holdpoint, sessionTokens } from "@holdpoint/server";
import type { Figure, Row } from "../figure.ts";
import { percentiles } from "../percentiles.ts";
import { makeWorkspace } from "../workspace.ts";

const lengths = [1_000, 4_000];
const runsOfEach = 7;
const perThousandMs = 40;

const reviewer: Viewer = { id: "mia", tenantId: "default", groups: [], role: "reviewer" };

/** A decision for a run that has recorded many steps, until its next line: the handler is called again over all of them. */
export const replay: Row = {
  name: "replay",
  async measure() {
    const figures: Figure[] = [];
    for (const length of lengths) {
      const { p50, max } = percentiles(await replays(length));
      const bar = (perThousandMs * length) / 1_000;
      figures.push({
        what: `decision -> next line, over ${length.toLocaleString("en")} recorded steps`,
        measured: `p50 ${p50.toFixed(1)} ms, max ${max.toFixed(1)} ms`,
        bar: `<= ${bar} ms`,
        met: p50 <= bar,
        beside: `${((p50 * 1_000) / length).toFixed(1)} us a step, decision included`,
      });
    }
    return figures;
  },
};

async function replays(length: number): Promise<number[]> {
  await using workspace = await makeWorkspace();
  let resumed = Promise.withResolvers<number>();
  const holdpoint = createHoldpoint({
    database: `sqlite:${workspace.path("holdpoint.db")}`,
    authenticate: sessionTokens({ secret: "a secret for benchmarks, 32 bytes or more" }).authenticate,
    workflows: [longWorkflow(length, () => resumed.resolve(performance.now()))],
  });
  await holdpoint.start();
  try {
    const ids = await pauseAll(holdpoint);
    const inbox = holdpoint.approvals.as(reviewer);
    const samples: number[] = [];
    for (const id of ids) {
      resumed = Promise.withResolvers();
      const start = performance.now();
      await inbox.respond(id, { approved: true });
      samples.push((await resumed.promise) - start);
    }
    return samples;
  } finally {
    await holdpoint.stop();
  }
}

function longWorkflow(steps: number, nextLine: () => void) {
  return workflow("long", { version: 1 }, async (run) => {
    for (let i = 0; i < steps; i++) await run.step(`row ${i}`, () => ({ i, sent: true }));
    await run.approval("send", { title: "Send the report" });
    nextLine();
  });
}

/** Starts the runs and resolves with their approvals once all of them wait. */
async function pauseAll(holdpoint: Holdpoint): Promise<string[]> {
  const runs = Array.from({ length: runsOfEach }, () => holdpoint.runs.start({ workflow: "long", input: null }));
  await Promise.all(runs);
  const inbox = holdpoint.approvals.as(reviewer);
  for (;;) {
    const { items } = await inbox.list({ status: ["pending"] });
    if (items.length === runsOfEach) return items.map(({ id }) => id);
    // Not measured: only the way to where the measuring begins.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
