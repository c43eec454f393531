/** How runs are looked at. */
export interface VisitOptions<Found> {
  read: (runId: string) => Promise<Found>;
  /** Called with the run as read; undefined when it was taken up meanwhile, as what was read may be older than that. */
  found: (runId: string, run: Found | undefined) => void;
  failed: (runId: string, error: unknown) => void;
}

interface Visit {
  /** There was news while it was read. */
  again: boolean;
  /** It was taken up while it was read. */
  takenUp: boolean;
  ended: Promise<void>;
}

/**
 * Looks at runs that have news: with one read at a time of each, begun after its last news. Saves a decision the read of
 * its run, about 0.3 ms, before its commit.
 */
export class RunVisits<Found> {
  readonly #options: VisitOptions<Found>;
  readonly #visits = new Map<string, Visit>();

  constructor(options: VisitOptions<Found>) {
    this.#options = options;
  }

  /** How many runs are looked at right now. */
  get size(): number {
    return this.#visits.size;
  }

  /** Their ids. */
  get runIds(): string[] {
    return [...this.#visits.keys()];
  }

  visit(runId: string): void {
    const current = this.#visits.get(runId);
    if (current) {
      current.again = true;
      return;
    }
    const visit: Visit = { again: true, takenUp: false, ended: Promise.resolve() };
    this.#visits.set(runId, visit);
    visit.ended = this.#look(runId, visit);
  }

  /** Call for runs that are taken up, for whatever reason. */
  takenUp(runId: string): void {
    const visit = this.#visits.get(runId);
    if (visit) visit.takenUp = true;
  }

  /** Resolves when the visits that are being made have ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#visits.values()].map(({ ended }) => ended));
  }

  /** Never rejects. */
  async #look(runId: string, visit: Visit): Promise<void> {
    const { found, failed } = this.#options;
    try {
      const run = await this.#read(runId, visit);
      this.#visits.delete(runId);
      found(runId, run);
    } catch (error) {
      this.#visits.delete(runId);
      failed(runId, error);
    }
  }

  async #read(runId: string, visit: Visit): Promise<Found | undefined> {
    let run: Found | undefined;
    while (visit.again) {
      visit.again = false;
      visit.takenUp = false;
      run = await this.#options.read(runId);
    }
    return visit.takenUp ? undefined : run;
  }
}
