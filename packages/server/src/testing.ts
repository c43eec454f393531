export type { SeenApproval, TestCaller } from "./testing/caller.ts";
export { createManualClock, type ManualClock } from "./testing/manual-clock.ts";
export {
  startTestHoldpoint,
  type TestHoldpoint,
  type TestHoldpointOptions,
  type TestPerson,
  type ThrowawayDatabase,
} from "./testing/throwaway-holdpoint.ts";
