import type { Approval, ApprovalQuery, Change, Counts, Gone, Page, Subscription, Viewer } from "@holdpoint/core";
import { Badge } from "./badge.ts";
import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import { Lingering } from "./lingering.ts";
import { filterKey, type ListFilter, snapshotFilter } from "./list-filter.ts";
import { type ApprovalHost, ObservedApproval } from "./observed-approval.ts";
import { type ListHost, ObservedList } from "./observed-list.ts";
import type { Readable } from "./readable.ts";
import { asHoldpointError } from "./response-error.ts";
import { type RowChange, Rows } from "./rows.ts";
import { outdatedCodes, Submissions } from "./submissions.ts";

/** What the server rendered beforehand, so that the first paint needs no request: the newest pending approvals. */
export interface InitialData {
  approvals: Approval[];
  counts?: Counts;
  nextCursor?: string;
  viewer?: Viewer;
}

/** What a cache works with. */
export interface ApprovalCacheOptions {
  client: Client;
  clock: Clock;
  random: () => number;
  initialData?: InitialData;
  /** Who is looking; unknown before the server has said so. */
  viewer: () => Viewer | undefined;
  /** Whether anything may be read now. */
  mayRead: () => boolean;
}

/** Rows held at most, but for those that somebody looks at. */
const mostRows = 1_000;

/** What clocks of several servers may differ by, ms. */
const clockSlackMs = 5_000;

/** What is held of the server's approvals, and everything that shows it: lists, single approvals, counts. */
export class ApprovalCache {
  readonly submissions: Submissions;
  readonly #options: ApprovalCacheOptions;
  readonly #rows = new Rows();
  readonly #badge: Badge;
  readonly #lists: Lingering<ObservedList>;
  readonly #approvals: Lingering<ObservedApproval>;
  /** When the last answer was given, ms by the server's clock. */
  #answeredAt = 0;
  /** With how many rows it is time to let go of some; grows with those that are held. */
  #trimAbove = mostRows;

  constructor(options: ApprovalCacheOptions) {
    const { client, clock, random, initialData } = options;
    this.#options = options;
    this.#lists = new Lingering(clock, (list) => list.expire());
    this.#approvals = new Lingering(clock);
    this.#badge = new Badge({ clock, random, read: () => client.counts(), initial: initialData?.counts });
    this.submissions = new Submissions(client, clock, {
      changed: (id) => this.#refresh(id),
      acknowledged: (approval) => this.#follow(this.#rows.take([approval], clock.now())),
      outdated: (id) => this.#readAgain(id),
    });
    if (initialData) this.#takeInitial(initialData);
  }

  get counts(): Readable<Counts | undefined> {
    return this.#badge.counts;
  }

  /** The list for a filter; equal filters share one. */
  list(filter: ListFilter): ObservedList {
    const key = filterKey(filter);
    const known = this.#lists.get(key);
    if (known) return known;
    const list = new ObservedList(filter, this.#listHost());
    this.#lists.keep(key, list, false);
    return list;
  }

  approval(id: string): ObservedApproval {
    const known = this.#approvals.get(id);
    if (known) return known;
    const observed = new ObservedApproval(id, this.#approvalHost());
    this.#approvals.keep(id, observed, false);
    return observed;
  }

  /** Takes what something done to an approval has made of it; why it was refused may be news. */
  async acted(id: string, act: Promise<Approval>): Promise<Approval> {
    try {
      const approval = await act;
      this.#follow(this.#rows.take([approval], this.#options.clock.now()));
      return approval;
    } catch (thrown) {
      const error = asHoldpointError(thrown);
      if (outdatedCodes.includes(error.code)) this.#readAgain(id);
      throw error;
    }
  }

  /** Takes the answer to a subscription or a poll that was asked at `askedAt`, ms by our clock. */
  synced(answer: Subscription, askedAt: number): void {
    this.#answeredAt = Date.parse(answer.now);
    if ("snapshot" in answer) this.#replace(answer.snapshot, askedAt);
    else {
      this.#show(this.#take(answer.changes));
      this.#lose(answer.gone ?? []);
    }
    this.#badge.reset("snapshot" in answer ? answer.snapshot.counts : answer.counts, askedAt);
  }

  /** Takes changes as they happen. */
  changed(changes: readonly Change[]): void {
    const created = new Set<string>();
    for (const { type, approval } of changes) if (type === "approval.requested") created.add(approval.id);
    this.#follow(this.#take(changes), (id) => created.has(id));
  }

  /** Takes in what is out of sight. */
  gone(gone: readonly Gone[]): void {
    const lost = this.#lose(gone);
    const viewer = this.#options.viewer();
    if (viewer) this.#badge.lost(lost, viewer);
    if (lost.length < gone.length) this.#badge.doubt();
  }

  /** Reads the lists and approvals that somebody looks at and that have not been read. */
  readWhatIsWatched(): void {
    for (const list of this.#lists.values()) list.ensure();
    for (const observed of this.#approvals.values()) observed.ensure();
  }

  stop(): void {
    this.#badge.stop();
  }

  #listHost(): ListHost {
    return {
      rows: this.#rows,
      viewer: this.#options.viewer,
      read: (query) => this.#read(query),
      mayRead: this.#options.mayRead,
      watch: (list, watched) => this.#lists.keep(filterKey(list.filter), list, watched),
    };
  }

  #approvalHost(): ApprovalHost {
    return {
      rows: this.#rows,
      submissions: this.submissions,
      readOne: (id) => this.#readOne(id),
      mayReadOne: this.#options.mayRead,
      watchOne: (observed, watched) => this.#approvals.keep(observed.id, observed, watched),
    };
  }

  #takeInitial({ approvals, nextCursor }: InitialData): void {
    this.#rows.take(approvals, Number.NEGATIVE_INFINITY);
    this.list(snapshotFilter).adopt({ items: approvals, nextCursor });
  }

  /** A snapshot stands for everything: what it doesn't say is read again. */
  #replace({ approvals, nextCursor }: InitialData, askedAt: number): void {
    this.#rows.doubtBefore(askedAt, (id) => this.#isHeld(id));
    this.#rows.take(approvals, askedAt);
    for (const list of this.#lists.values()) {
      if (filterKey(list.filter) === filterKey(snapshotFilter)) list.adopt({ items: approvals, nextCursor });
      else list.renew();
    }
    for (const observed of this.#approvals.values()) observed.refresh();
  }

  #take(changes: readonly Change[]): RowChange[] {
    const approvals = changes.map(({ approval }) => approval);
    return this.#rows.take(approvals, this.#options.clock.now());
  }

  /** Returns the rows that went. */
  #lose(gone: readonly Gone[]): Approval[] {
    const lost = gone.flatMap(({ approvalId, version }) => this.#rows.drop(approvalId, version) ?? []);
    const ids = new Set(gone.map(({ approvalId }) => approvalId).filter((id) => this.#rows.get(id) === undefined));
    for (const list of this.#lists.values()) list.lose(ids);
    for (const id of ids) for (const observed of this.#approvals.of(id)) observed.lose();
    return lost;
  }

  #follow(changes: readonly RowChange[], isNew: (id: string) => boolean = () => false): void {
    if (changes.length === 0) return;
    const viewer = this.#options.viewer();
    if (viewer) this.#badge.follow(changes, viewer, isNew);
    this.#show(changes);
  }

  #show(changes: readonly RowChange[]): void {
    for (const { after } of changes) this.#refresh(after.id);
    for (const list of this.#lists.values()) list.follow(changes);
    if (this.#rows.size <= this.#trimAbove) return;
    this.#rows.trim(mostRows, (id) => this.#isHeld(id));
    this.#trimAbove = Math.max(mostRows, Math.ceil(1.1 * this.#rows.size));
  }

  #refresh(id: string): void {
    for (const observed of this.#approvals.of(id)) observed.refresh();
  }

  #readAgain(id: string): void {
    for (const observed of this.#approvals.of(id)) void observed.read();
  }

  async #read(query: ApprovalQuery): Promise<Page<Approval>> {
    const askedAt = this.#options.clock.now();
    const page = await this.#options.client.approvals.list(query);
    this.#tookReading(this.#rows.take(page.items, askedAt));
    return page;
  }

  async #readOne(id: string): Promise<void> {
    const askedAt = this.#options.clock.now();
    this.#tookReading(this.#rows.take([await this.#options.client.approvals.get(id)], askedAt));
  }

  /** Rows that we did not hold have been counted by the server, unless they are newer than its last answer. */
  #tookReading(changes: readonly RowChange[]): void {
    this.#follow(changes.filter(({ before }) => before !== undefined));
    const found = changes.filter(({ before }) => before === undefined);
    this.#show(found);
    const since = this.#answeredAt - clockSlackMs;
    if (found.some(({ after }) => Date.parse(after.updatedAt) > since)) this.#badge.doubt();
  }

  #isHeld(id: string): boolean {
    if (this.#approvals.get(id) || this.submissions.pendingFor(id)) return true;
    for (const list of this.#lists.values()) if (list.holds(id)) return true;
    return false;
  }
}
