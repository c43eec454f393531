import type {
  Approval,
  BulkRespondInput,
  BulkResult,
  ClaimInput,
  Counts,
  RespondInput,
  Run,
  Subscription,
  Viewer,
} from "@holdpoint/core";
import { ApprovalCache, type InitialData } from "./approval-cache.ts";
import { type Client, type ClientOptions, createClient } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { createDrafts, type DraftStorage, type Drafts } from "./drafts.ts";
import { type Environment, pageEnvironment } from "./environment.ts";
import type { ListFilter } from "./list-filter.ts";
import { type ConnectionState, LiveLine } from "./live-line.ts";
import type { ApprovalEntry } from "./observed-approval.ts";
import type { ApprovalList } from "./observed-list.ts";
import type { RunEntry } from "./observed-run.ts";
import { type Cell, createCell, type Readable } from "./readable.ts";
import { asHoldpointError } from "./response-error.ts";
import { RunCache } from "./run-cache.ts";

/** How current what is shown can be. */
export interface Connection {
  state: ConnectionState;
  /** When the server last confirmed what we hold, ms since the epoch; told every few seconds at most. */
  lastSyncAt?: number;
  /** The viewer that the server takes us for; absent until it says so. */
  viewer?: Viewer;
}

/** How a live store reaches its server, and what it is given. */
export type LiveStoreOptions = ClientOptions & {
  /** Whose session this is; keeps the drafts of different people apart. */
  sessionKey?: string;
  initialData?: InitialData;
  /** Where drafts outlive a reload, such as `sessionStorage`; default memory only. */
  draftStorage?: DraftStorage;
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
  environment?: Environment;
};

/**
 * Approvals, live: the server's rows, the responses under way laid over them, and the line that keeps both current.
 * Everything readable fits `useSyncExternalStore`.
 */
export interface LiveStore {
  readonly client: Client;
  readonly connection: Readable<Connection>;
  /** Badge counts; undefined until known. */
  readonly counts: Readable<Counts | undefined>;
  readonly drafts: Drafts;
  /** The list for a filter; equal filters share one. */
  observeList(filter?: ListFilter): ApprovalList;
  /** One approval, read when nobody has it yet. */
  observeApproval(id: string): Readable<ApprovalEntry>;
  /** One run with its steps, kept current while it goes on and somebody watches it. */
  observeRun(id: string): Readable<RunEntry>;
  /**
   * Ends a run and withdraws what it asks. Resolves with the run as it then stands.
   *
   * @throws {HoldpointError} what the server says; kept in the run's entry too
   */
  cancelRun(id: string, reason?: string): Promise<Run>;
  /** Lets a failed run go on from what it has recorded, as {@link LiveStore.cancelRun} ends one. */
  retryRun(id: string): Promise<Run>;
  /**
   * Responds, showing it as pending until the server has acknowledged. Resolves with the approval as it then stands.
   *
   * @throws {HoldpointError} what the server says; kept in the approval's entry too
   */
  respond(id: string, response: RespondInput): Promise<Approval>;
  /**
   * Gives many approvals the same response: a result for each, in order. More than 200 go in several requests.
   *
   * @throws {HoldpointError} when a request got no answer: what became of its items isn't known then
   */
  bulkRespond(input: BulkRespondInput): Promise<BulkResult[]>;
  /**
   * Claims an approval, or renews the viewer's claim: others see who is working on it, and can still decide. Resolves with
   * the approval as it then stands.
   *
   * @throws {HoldpointError} `already_claimed` while somebody else's claim holds, or what else the server says
   */
  claim(id: string, input?: ClaimInput): Promise<Approval>;
  /** Gives up a claim, as {@link LiveStore.claim} makes one. */
  release(id: string): Promise<Approval>;
  /** Forgets why the last response to an approval failed. */
  dismissError(id: string): void;
  /** The server's time, ms since the epoch, as far as it is known. */
  now(): number;
  /** Opens the line to the server; nothing is requested before. */
  start(): void;
  /** Closes the line. What is held stays readable; `start` goes on from there. */
  stop(): void;
  /** Tries again at once instead of waiting for the next attempt. */
  retry(): void;
}

/** How long reading waits for the first answer of the line, ms, before it starts on its own. */
const patienceMs = 1_000;

/** How often `lastSyncAt` is told while nothing else changes, ms. */
const syncToldMs = 5_000;

/** Creates a live store. It does nothing until it is started. */
export function createLiveStore(options: LiveStoreOptions): LiveStore {
  return new Store(options);
}

class Store implements LiveStore {
  readonly client: Client;
  readonly drafts: Drafts;
  readonly #clock: Clock;
  readonly #cache: ApprovalCache;
  readonly #runs: RunCache;
  readonly #line: LiveLine;
  readonly #connection: Cell<Connection>;
  /** The server's time less ours, ms. */
  #clockOffsetMs = 0;
  /** Set while reading waits for the line's first answer. */
  #endPatience: (() => void) | undefined;

  constructor(options: LiveStoreOptions) {
    const { clock = systemClock, random = Math.random, environment = pageEnvironment(), initialData } = options;
    this.#clock = clock;
    this.client = createClient(options);
    this.drafts = createDrafts(options.draftStorage, `holdpoint:draft:${options.sessionKey ?? ""}:`);
    this.#connection = createCell<Connection>({ state: "idle", viewer: initialData?.viewer });
    const mayRead = () => this.#connection.get().state !== "idle" && this.#endPatience === undefined;
    this.#cache = new ApprovalCache({
      client: this.client,
      clock,
      random,
      initialData,
      viewer: () => this.#connection.get().viewer,
      mayRead,
    });
    this.#runs = new RunCache({ client: this.client, clock, now: () => this.now(), mayRead });
    this.#line = new LiveLine({
      transport: this.client.transport,
      clock,
      random,
      environment,
      sink: {
        state: (state) => this.#tell({ state }),
        heard: () => this.#heard(),
        synced: (answer, askedAt) => this.#synced(answer, askedAt),
        changes: (changes) => {
          this.#cache.changed(changes);
          this.#runs.changed(changes);
        },
        gone: (gone) => this.#cache.gone(gone),
      },
    });
  }

  get connection(): Readable<Connection> {
    return this.#connection;
  }

  get counts(): Readable<Counts | undefined> {
    return this.#cache.counts;
  }

  observeList(filter: ListFilter = {}): ApprovalList {
    return this.#cache.list(filter);
  }

  observeApproval(id: string): Readable<ApprovalEntry> {
    return this.#cache.approval(id);
  }

  observeRun(id: string): Readable<RunEntry> {
    return this.#runs.run(id);
  }

  cancelRun(id: string, reason?: string): Promise<Run> {
    return this.#changeRun(id, this.client.runs.cancel(id, { reason }));
  }

  retryRun(id: string): Promise<Run> {
    return this.#changeRun(id, this.client.runs.retry(id));
  }

  respond(id: string, response: RespondInput): Promise<Approval> {
    return this.#cache.submissions.respond(id, response);
  }

  async bulkRespond(input: BulkRespondInput): Promise<BulkResult[]> {
    try {
      return await this.#cache.submissions.respondAll(input);
    } finally {
      if (this.#connection.get().state !== "live") this.#line.hurry();
    }
  }

  claim(id: string, input?: ClaimInput): Promise<Approval> {
    return this.#cache.acted(id, this.client.approvals.claim(id, input));
  }

  release(id: string): Promise<Approval> {
    return this.#cache.acted(id, this.client.approvals.release(id));
  }

  dismissError(id: string): void {
    this.#cache.submissions.dismiss(id);
  }

  now(): number {
    return this.#clock.now() + this.#clockOffsetMs;
  }

  start(): void {
    if (this.#connection.get().state !== "idle") return;
    this.#endPatience = this.#clock.after(patienceMs, () => this.#readOnOwn());
    this.#line.start();
  }

  stop(): void {
    this.#endPatience?.();
    this.#endPatience = undefined;
    this.#cache.stop();
    this.#runs.stop();
    this.#line.stop();
  }

  retry(): void {
    this.#line.hurry();
  }

  #synced(answer: Subscription, askedAt: number): void {
    this.#clockOffsetMs = Date.parse(answer.now) - (askedAt + this.#clock.now()) / 2;
    this.#tell({ viewer: answer.viewer });
    this.#cache.synced(answer, askedAt);
    this.#readOnOwn();
  }

  async #changeRun(id: string, change: Promise<Run>): Promise<Run> {
    const observed = this.#runs.run(id);
    try {
      const run = await change;
      observed.changed(run);
      return run;
    } catch (thrown) {
      const error = asHoldpointError(thrown);
      // It has ended meanwhile: how, is news here.
      if (error.code === "already_resolved") await observed.read(error);
      observed.fail(error);
      throw error;
    }
  }

  /** From now on lists and approvals are read as they are needed. */
  #readOnOwn(): void {
    this.#endPatience?.();
    this.#endPatience = undefined;
    this.#cache.readWhatIsWatched();
    this.#runs.readWhatIsWatched();
  }

  #heard(): void {
    const { lastSyncAt = Number.NEGATIVE_INFINITY } = this.#connection.get();
    const now = this.#clock.now();
    if (now - lastSyncAt >= syncToldMs) this.#tell({ lastSyncAt: now });
  }

  #tell(part: Partial<Connection>): void {
    const before = this.#connection.get();
    const viewer = part.viewer && !sameViewer(before.viewer, part.viewer) ? part.viewer : before.viewer;
    this.#connection.set({ ...before, ...part, viewer });
  }
}

function sameViewer(a: Viewer | undefined, b: Viewer): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
