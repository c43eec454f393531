import { type WorkflowDefaults, workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { createHoldpoint } from "./holdpoint.ts";
import type { HoldpointOptions } from "./options.ts";

const make = (options: Partial<HoldpointOptions>) =>
  createHoldpoint({ database: "sqlite::memory:", authenticate: () => null, ...options });
const withVersion = (version: number) => ({ workflows: [workflow("refund", { version }, async () => null)] });
const withDefaults = (defaults: WorkflowDefaults) => ({
  workflows: [workflow("refund", { version: 1, defaults }, async () => null)],
});
const daily = { days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" };

test.each<[option: string, unusable: Partial<HoldpointOptions>, problem: string]>([
  ["runConcurrency", { runConcurrency: -1 }, "whole number from 0, not -1"],
  ["runConcurrency", { runConcurrency: 2.5 }, "whole number from 0, not 2.5"],
  ["runConcurrency", { runConcurrency: Number.POSITIVE_INFINITY }, "whole number from 0, not Infinity"],
  ["leaseMs", { leaseMs: 0 }, "from 1 to 2147483647 ms, not 0"],
  ["leaseMs", { leaseMs: -10_000 }, "from 1 to 2147483647 ms"],
  ["leaseMs", { leaseMs: Number.NaN }, "not NaN"],
  ["leaseMs", { leaseMs: 30 * 86_400_000 }, "from 1 to 2147483647 ms"],
  ["handlerStallMs", { handlerStallMs: 0 }, "at least 1, not 0"],
  ["handlerStallMs", { handlerStallMs: Number.NaN }, "at least 1, not NaN"],
  ["maxRecoveries", { maxRecoveries: -1 }, "at least 0, not -1"],
  ["maxRecoveries", { maxRecoveries: Number.NaN }, "at least 0, not NaN"],
  ["rememberEvents", { rememberEvents: "soon" }, "duration"],
  ["staleAfter", { staleAfter: "soon" }, "duration"],
  ["deliveries.concurrency", { deliveries: { concurrency: Number.NaN } }, "at least 1, not NaN"],
  ["deliveries.totalConcurrency", { deliveries: { totalConcurrency: 0 } }, "at least 1, not 0"],
  ["deliveries.timeoutMs", { deliveries: { timeoutMs: -1 } }, "from 1 to 2147483647 ms, not -1"],
  ["deliveries.timeoutMs", { deliveries: { timeoutMs: 2 ** 31 } }, "from 1 to 2147483647 ms"],
  ["deliveries.schedule[1]", { deliveries: { schedule: ["1s", "soon"] } }, "duration"],
  ["deliveries.keepDelivered", { deliveries: { keepDelivered: "soon" } }, "duration"],
  ["deliveries.keepParked", { deliveries: { keepParked: "soon" } }, "duration"],
  ["rateLimit.requests", { rateLimit: { requests: 0, seconds: 60 } }, "whole number from 1, not 0"],
  ["rateLimit.seconds", { rateLimit: { requests: 10, seconds: 0 } }, "at least 1, not 0"],
  ["Workflow refund: version", withVersion(0), "whole number from 1"],
  ["Workflow refund: version", withVersion(1.5), "whole number from 1"],
  ["timeout", withDefaults({ timeout: "soon" }), "duration"],
  ["timeZone", withDefaults({ timeout: "4h", businessHours: { ...daily, timeZone: "Mars/Base" } }), "time zone"],
])("%s isn't taken as %o", (option, unusable, problem) => {
  let thrown: unknown;
  try {
    make(unusable);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: "invalid_request", message: expect.stringContaining(option) });
  expect(thrown).toMatchObject({ message: expect.stringContaining(problem) });
});

test.each<Partial<HoldpointOptions>>([
  { runConcurrency: 0 },
  { handlerStallMs: Number.POSITIVE_INFINITY },
  { maxRecoveries: 0 },
  { maxRecoveries: Number.POSITIVE_INFINITY },
  { deliveries: { totalConcurrency: Number.POSITIVE_INFINITY, schedule: [] } },
])("%o is taken", (options) => {
  expect(() => make(options)).not.toThrow();
});
