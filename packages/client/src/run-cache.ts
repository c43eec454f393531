import type { Change } from "@holdpoint/core";
import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import { Lingering } from "./lingering.ts";
import { ObservedRun, type RunHost } from "./observed-run.ts";

/** What a cache of runs works with. */
export interface RunCacheOptions extends Pick<RunHost, "clock" | "now"> {
  client: Client;
  clock: Clock;
  /** Whether anything may be read now. */
  mayRead: () => boolean;
}

/** The runs that somebody looks at. */
export class RunCache {
  readonly #host: RunHost;
  readonly #runs: Lingering<ObservedRun>;

  constructor({ client, clock, now, mayRead }: RunCacheOptions) {
    this.#runs = new Lingering(clock);
    this.#host = {
      clock,
      now,
      readRun: (id) => client.runs.get(id),
      mayReadRun: mayRead,
      watchRun: (observed, watched) => this.#runs.keep(observed.id, observed, watched),
    };
  }

  run(id: string): ObservedRun {
    const known = this.#runs.get(id);
    if (known) return known;
    const observed = new ObservedRun(id, this.#host);
    this.#runs.keep(id, observed, false);
    return observed;
  }

  /** Takes changes of approvals as hints: the runs that asked have gone on, or have come to wait. */
  changed(changes: readonly Change[]): void {
    const touched = new Set(changes.flatMap(({ approval }) => approval.source?.runId ?? []));
    for (const id of touched) for (const observed of this.#runs.of(id)) void observed.read();
  }

  /** Reads every run that somebody looks at. */
  readWhatIsWatched(): void {
    for (const observed of this.#runs.values()) void observed.read();
  }

  stop(): void {
    for (const observed of this.#runs.values()) observed.rest();
  }
}
