import type { Approval } from "@holdpoint/core";

/** What became of a row. */
export interface RowChange {
  /** Absent when we didn't hold it. */
  before?: Approval;
  after: Approval;
}

interface Row {
  approval: Approval;
  /** When it was asked for, ms; see {@link Rows.doubtBefore}. */
  askedAt: number;
  /** May be ahead of the server, whose log was restored: the next reading replaces it, whatever its version. */
  doubtful: boolean;
}

/** Approvals out of sight that are remembered: as long as an answer may be under way. */
const mostGone = 200;

/** The server's approvals, as far as we hold them: one row each, the newest version wins. */
export class Rows {
  readonly #rows = new Map<string, Row>();
  /** Versions in which approvals went out of sight: what was read before that doesn't bring them back. */
  readonly #gone = new Map<string, number>();

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): Approval | undefined {
    return this.#rows.get(id)?.approval;
  }

  /** Takes approvals that were asked for, or arrived, at `askedAt`; returns those that are news. */
  take(approvals: readonly Approval[], askedAt: number): RowChange[] {
    return approvals.flatMap((after) => {
      if (after.version < (this.#gone.get(after.id) ?? 0)) return [];
      const row = this.#rows.get(after.id);
      if (row && !row.doubtful && after.version <= row.approval.version) {
        row.askedAt = Math.max(row.askedAt, askedAt);
        return [];
      }
      this.#rows.set(after.id, { approval: after, askedAt, doubtful: false });
      return [{ before: row?.approval, after }];
    });
  }

  /**
   * A snapshot replaces what was known before it was asked for: rows that are `held` are kept, in doubt, the others go.
   * Returns the ids of those in doubt.
   */
  doubtBefore(askedAt: number, held: (id: string) => boolean): string[] {
    const doubtful: string[] = [];
    for (const [id, row] of this.#rows) {
      if (row.askedAt >= askedAt) continue;
      if (held(id)) {
        row.doubtful = true;
        doubtful.push(id);
      } else {
        this.#rows.delete(id);
      }
    }
    return doubtful;
  }

  /**
   * Lets go of what is out of sight since a version; a row that is that new came by another way and stays. Returns the row
   * that went.
   */
  drop(id: string, version: number): Approval | undefined {
    const approval = this.get(id);
    if (approval && approval.version >= version) return undefined;
    this.#rows.delete(id);
    this.#gone.set(id, version);
    const oldest = this.#gone.keys().next();
    if (this.#gone.size > mostGone && !oldest.done) this.#gone.delete(oldest.value);
    return approval;
  }

  isDoubtful(id: string): boolean {
    return this.#rows.get(id)?.doubtful ?? false;
  }

  /** Lets go of the oldest rows that aren't `held` until there are at most `most`. */
  trim(most: number, held: (id: string) => boolean): void {
    for (const id of this.#rows.keys()) {
      if (this.#rows.size <= most) return;
      if (!held(id)) this.#rows.delete(id);
    }
  }

  clear(): void {
    this.#rows.clear();
  }
}
