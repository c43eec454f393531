import { longestTimerMs } from "./clock.ts";

/** Keeps the process from ending by itself until that is called off: the timers of the machine's clock don't. */
export function keepProcess(): () => void {
  const timer = setInterval(() => undefined, longestTimerMs);
  return () => clearInterval(timer);
}
