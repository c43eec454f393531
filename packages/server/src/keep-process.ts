/** Timers hold no more, in ms. */
const longestTimerMs = 2 ** 31 - 1;

/** Keeps the process from ending by itself until that is called off: the timers of the machine's clock don't. */
export function keepProcess(): () => void {
  const timer = setInterval(() => undefined, longestTimerMs);
  return () => clearInterval(timer);
}
