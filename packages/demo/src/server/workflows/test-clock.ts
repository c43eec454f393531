import { type Clock, systemClock } from "@holdpoint/server";

/** The machine's clock, which can be put forward. */
export interface ShiftableClock extends Clock {
  /** Puts the clock forward; timers that are due then fire at once. */
  advance(ms: number): void;
}

interface Timer {
  at: number;
  fire(): void;
}

/** A clock that shows the machine's time until it is advanced. */
export function shiftableClock(): ShiftableClock {
  const timers = new Set<Timer>();
  let shiftMs = 0;
  const now = () => systemClock.now() + shiftMs;
  return {
    now,
    after(ms, listener) {
      const callOff = systemClock.after(ms, () => timer.fire());
      const end = () => {
        callOff();
        timers.delete(timer);
      };
      const timer: Timer = {
        at: now() + ms,
        fire() {
          end();
          listener();
        },
      };
      timers.add(timer);
      return end;
    },
    advance(ms) {
      shiftMs += ms;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) if (timer.at <= now()) timer.fire();
    },
  };
}
