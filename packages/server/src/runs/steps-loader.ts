import type { Context } from "../context.ts";
import { inPowersOfTwo } from "../in-powers-of-two.ts";
import type { StepRecord } from "./step-record.ts";
import { stepsOf } from "./steps-table.ts";

/** Loads the steps of a run. */
export type StepsLoader = (runId: string) => Promise<StepRecord[]>;

/** A loader that serves runs which are asked for together (claimed by one commit) with one query. */
export function createStepsLoader(ctx: Context): StepsLoader {
  let asked: string[] = [];
  let loading: Promise<Map<string, StepRecord[]>> | undefined;
  return async (runId) => {
    asked.push(runId);
    loading ??= Promise.resolve().then(() => {
      const runIds = asked;
      asked = [];
      loading = undefined;
      return loadAll(ctx, runIds);
    });
    return (await loading).get(runId) ?? [];
  };
}

async function loadAll(ctx: Context, runIds: readonly string[]): Promise<Map<string, StepRecord[]>> {
  const loaded = await Promise.all(inPowersOfTwo(runIds).map((piece) => stepsOf(ctx.store.reader, piece)));
  return new Map(loaded.flatMap((steps) => [...steps]));
}
