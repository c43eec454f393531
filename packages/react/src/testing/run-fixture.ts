import { type Duration, durationMs, type Run, type RunStep } from "@holdpoint/core";
import { fixtureNow } from "./approval-fixture.ts";
import { people } from "./people.ts";

/** A step of a fixture, with its times as how long ago. */
export interface StepFixture extends Omit<Partial<RunStep>, "startedAt" | "finishedAt" | "wakeAt"> {
  name: string;
  /** How long before `fixtureNow` it began; default `1m`. */
  began?: Duration;
  /** How long it took; absent while it goes on. */
  took?: Duration;
  /** When it wakes, from `fixtureNow`. */
  wakesIn?: Duration;
}

/** What a run fixture says besides its steps. */
export interface RunFixture extends Omit<Partial<Run>, "steps" | "createdAt" | "updatedAt" | "finishedAt"> {
  /** How long ago it was started; default `2m`. */
  age?: Duration;
  /** How long it took; given when it has ended. */
  took?: Duration;
  steps?: readonly StepFixture[];
}

/** A run for stories and tests, at {@link fixtureNow}. */
export function runFixture({ age = "2m", took, steps = [], ...run }: RunFixture = {}): Run {
  const start = fixtureNow - durationMs(age);
  return {
    id: "run_01M7V5ZQ8K3W9X2C4V6B8N0M1A",
    tenantId: people.agent.tenantId,
    workflow: "outreach",
    version: 1,
    status: "running",
    input: { to: "ana@casaolmo.example" },
    owner: { id: people.mia.id, name: people.mia.name },
    createdAt: iso(start),
    updatedAt: iso(took ? start + durationMs(took) : fixtureNow),
    ...(took && { finishedAt: iso(start + durationMs(took)) }),
    ...run,
    steps: steps.map(stepFixture),
  };
}

function stepFixture({ began = "1m", took, wakesIn, ...step }: StepFixture): RunStep {
  const start = fixtureNow - durationMs(began);
  return {
    kind: "step",
    status: took ? "completed" : "running",
    attempts: 1,
    startedAt: iso(start),
    ...(took && { finishedAt: iso(start + durationMs(took)) }),
    ...(wakesIn && { wakeAt: iso(fixtureNow + durationMs(wakesIn)) }),
    ...step,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
