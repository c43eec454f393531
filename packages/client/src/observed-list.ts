import {
  type Approval,
  type ApprovalQuery,
  compareApprovals,
  type HoldpointError,
  matchesQuery,
  type Page,
  type Viewer,
} from "@holdpoint/core";
import type { ListFilter } from "./list-filter.ts";
import { type Cell, createCell, type Readable } from "./readable.ts";
import { asHoldpointError } from "./response-error.ts";
import type { RowChange, Rows } from "./rows.ts";

/** A list as it is shown. Pushed changes update rows in place and never move them. */
export interface ListSnapshot {
  status: "loading" | "ready" | "error";
  /** In the order of the filter's `sort`; rows that stopped matching stay, as they are now, until the list is settled. */
  items: readonly Approval[];
  /** Whether the server has more after the last item. */
  hasMore: boolean;
  fetchingMore: boolean;
  /** Arrived since the list was settled and not among `items` yet. */
  newCount: number;
  /** Ids among `items` that don't match the filter any more, because they ended or were changed. */
  departed: ReadonlySet<string>;
  /** Why the last reading failed; what was there before stays. */
  error?: HoldpointError;
}

/** A list that keeps itself current while somebody is subscribed to it. */
export interface ApprovalList extends Readable<ListSnapshot> {
  /** Loads the next page. */
  fetchMore(): Promise<void>;
  /** Settles the list: brings in what is new, in order, and lets go of what departed. */
  showNew(): void;
  /** Lets go of rows that departed: of one, or of all. */
  dropDeparted(id?: string): void;
  /** Reads the list again from its start. */
  refetch(): Promise<void>;
}

/** What an observed list works with. */
export interface ListHost {
  readonly rows: Rows;
  /** Who is looking; unknown before the first answer. */
  viewer(): Viewer | undefined;
  /** Reads a page and takes its rows. */
  read(query: ApprovalQuery): Promise<Page<Approval>>;
  /** Whether anything may be read now: not before the store is started, nor while its first answer is awaited. */
  mayRead(): boolean;
  /** Somebody looks at the list now, or nobody does any more. */
  watch(list: ObservedList, watched: boolean): void;
}

const loading: ListSnapshot = {
  status: "loading",
  items: [],
  hasMore: false,
  fetchingMore: false,
  newCount: 0,
  departed: new Set(),
};

/** One list: the ids that it shows, in order, and what has changed about them since. */
export class ObservedList implements ApprovalList {
  readonly filter: ListFilter;
  readonly #host: ListHost;
  readonly #cell: Cell<ListSnapshot>;
  #watched = false;
  #ids: string[] = [];
  #shown = new Set<string>();
  #departed = new Set<string>();
  /** Matching, and in the part of the list that is loaded, but not shown yet. */
  #new = new Set<string>();
  #nextCursor: string | undefined;
  /** Counts readings from the start, so that the answer of an earlier one is ignored. */
  #reading = 0;
  /** Ids that changed while a page was being read, which may be missing from it. */
  #changedMeanwhile: Set<string> | undefined;

  constructor(filter: ListFilter, host: ListHost) {
    this.filter = filter;
    this.#host = host;
    this.#cell = createCell(loading, {
      onWatched: () => {
        this.#watched = true;
        host.watch(this, true);
        this.ensure();
      },
      onUnwatched: () => {
        this.#watched = false;
        host.watch(this, false);
      },
    });
  }

  get = (): ListSnapshot => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** Whether a row is shown, so that it has to be kept. */
  holds(id: string): boolean {
    return this.#shown.has(id);
  }

  /** Reads the list when somebody looks at it, it hasn't been read, and it may be. */
  ensure(): void {
    const needed = this.#watched && this.get().status !== "ready" && !this.#changedMeanwhile;
    if (needed && this.#host.mayRead()) void this.refetch();
  }

  /** What is held may be out of date in ways that nobody can tell: reads the list again, at once or when it is watched. */
  renew(): void {
    if (this.#watched) void this.refetch();
    else this.expire();
  }

  /** Takes a first page that came by another way. */
  adopt({ items, nextCursor }: Page<Approval>): void {
    this.#reading += 1;
    this.#changedMeanwhile = undefined;
    this.#place(
      items.map(({ id }) => id),
      nextCursor,
    );
    this.#publish({ status: "ready", error: undefined, fetchingMore: false });
  }

  async refetch(): Promise<void> {
    const reading = ++this.#reading;
    const changed = new Set<string>();
    this.#changedMeanwhile = changed;
    try {
      const page = await this.#host.read(this.filter);
      if (reading !== this.#reading) return;
      this.adopt(page);
      this.#consider(changed);
    } catch (error) {
      if (reading === this.#reading) this.#failed(error);
    }
  }

  async fetchMore(): Promise<void> {
    const cursor = this.#nextCursor;
    if (cursor === undefined || this.get().fetchingMore || this.#changedMeanwhile) return;
    const reading = this.#reading;
    const changed = new Set<string>();
    this.#changedMeanwhile = changed;
    this.#publish({ fetchingMore: true });
    try {
      const { items, nextCursor } = await this.#host.read({ ...this.filter, cursor });
      if (reading !== this.#reading) return;
      this.#changedMeanwhile = undefined;
      this.#append(items, nextCursor);
      this.#publish({ fetchingMore: false, error: undefined });
      this.#consider(changed);
    } catch (error) {
      if (reading === this.#reading) this.#failed(error);
    }
  }

  showNew(): void {
    const { rows } = this.#host;
    if ([...this.#new].some((id) => rows.get(id) === undefined)) return void this.refetch();
    const kept = this.#ids.filter((id) => !this.#departed.has(id));
    const compare = compareApprovals(this.filter.sort);
    const ordered = [...kept, ...this.#new].flatMap((id) => rows.get(id) ?? []).sort(compare);
    this.#place(
      ordered.map(({ id }) => id),
      this.#nextCursor,
    );
    this.#publish({});
  }

  dropDeparted(id?: string): void {
    const dropped = id === undefined ? new Set(this.#departed) : new Set(this.#departed.has(id) ? [id] : []);
    if (dropped.size === 0) return;
    this.#ids = this.#ids.filter((one) => !dropped.has(one));
    this.#shown = new Set(this.#ids);
    for (const one of dropped) this.#departed.delete(one);
    this.#publish({});
    if (this.#ids.length === 0 && this.#new.size > 0) this.showNew();
  }

  /** Lets go of approvals that are out of sight. */
  lose(ids: ReadonlySet<string>): void {
    const lost = [...ids].filter((id) => this.#shown.has(id) || this.#new.has(id));
    if (lost.length === 0) return;
    this.#ids = this.#ids.filter((id) => !ids.has(id));
    this.#shown = new Set(this.#ids);
    for (const id of lost) {
      this.#departed.delete(id);
      this.#new.delete(id);
    }
    this.#publish({});
    if (this.#ids.length === 0 && this.#new.size > 0) this.showNew();
  }

  /** Follows changes of rows. */
  follow(changes: readonly RowChange[]): void {
    for (const { after } of changes) this.#changedMeanwhile?.add(after.id);
    if (this.get().status === "ready") this.#consider(changes.map(({ after }) => after.id));
  }

  /** Forgets that the list was read, so that it is read again when next watched. */
  expire(): void {
    this.#reading += 1;
    this.#changedMeanwhile = undefined;
    this.#place([], undefined);
    this.#cell.set(loading);
  }

  #place(ids: string[], nextCursor: string | undefined): void {
    this.#ids = ids;
    this.#shown = new Set(ids);
    this.#departed = new Set(ids.filter((id) => !this.#matches(this.#host.rows.get(id))));
    this.#new = new Set();
    this.#nextCursor = nextCursor;
  }

  /** Whether a row belongs into the list; what can't be told yet was put there by the server. */
  #matches(row: Approval | undefined): boolean {
    const viewer = this.#host.viewer();
    return !row || !viewer || matchesQuery(row, this.filter, viewer);
  }

  #append(items: readonly Approval[], nextCursor: string | undefined): void {
    for (const { id } of items) {
      this.#new.delete(id);
      if (this.#shown.has(id)) continue;
      this.#ids.push(id);
      this.#shown.add(id);
    }
    this.#nextCursor = nextCursor;
  }

  #consider(ids: Iterable<string>): void {
    let touched = false;
    for (const id of ids) {
      const row = this.#host.rows.get(id);
      if (row && this.#sort(row)) touched = true;
    }
    if (this.#ids.length === 0 && this.#new.size > 0) this.showNew();
    else if (touched) this.#publish({});
  }

  /** Finds the place of a row that changed; returns whether that shows. */
  #sort(row: Approval): boolean {
    const matches = this.#matches(row);
    if (this.#shown.has(row.id)) {
      if (matches) this.#departed.delete(row.id);
      else this.#departed.add(row.id);
      return true;
    }
    if (matches && this.#isLoadedPart(row)) {
      this.#new.add(row.id);
      return true;
    }
    return this.#new.delete(row.id);
  }

  /** Whether a row belongs before the last one shown; what comes after it is found by loading more. */
  #isLoadedPart(row: Approval): boolean {
    const last = this.#host.rows.get(this.#ids.at(-1) ?? "");
    return this.#nextCursor === undefined || last === undefined || compareApprovals(this.filter.sort)(row, last) < 0;
  }

  #failed(error: unknown): void {
    this.#changedMeanwhile = undefined;
    const status = this.get().status === "ready" ? "ready" : "error";
    this.#publish({ status, fetchingMore: false, error: asHoldpointError(error) });
  }

  #publish(part: Partial<ListSnapshot>): void {
    this.#cell.set({
      ...this.get(),
      items: this.#ids.flatMap((id) => this.#host.rows.get(id) ?? []),
      hasMore: this.#nextCursor !== undefined,
      newCount: this.#new.size,
      departed: new Set(this.#departed),
      ...part,
    });
  }
}
