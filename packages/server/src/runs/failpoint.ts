/** Places where a crash test can stop the process. */
export type RunFailpoint = (
  name: "after-claim" | "mid-step" | "before-suspend" | "before-withdraw" | "before-heartbeat",
) => void | Promise<void>;
