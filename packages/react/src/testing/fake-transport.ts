import type { CloseReason, LiveConnection, LiveListener, RequestOptions, Transport } from "@holdpoint/client";
import {
  type Approval,
  type ApprovalRequest,
  createIds,
  createMemoryApprovals,
  type DecisionInput,
  HoldpointError,
  type MemoryApprovals,
  type RouteInput,
  type RouteName,
  type RouteOutput,
  type Routes,
  type Run,
  type Viewer,
} from "@holdpoint/core";
import { fixtureNow } from "./approval-fixture.ts";
import { createFakeClock } from "./fake-clock.ts";
import { FakeFeed } from "./fake-feed.ts";
import { type FakeRoutes, fakeRoutes } from "./fake-routes.ts";
import { FakeRuns } from "./fake-runs.ts";
import { setPageOnline } from "./page-network.ts";
import { people } from "./people.ts";
import { type Seed, sow } from "./seed.ts";

/** How a fake server starts out. */
export interface FakeTransportOptions {
  /** What has been requested before; default nothing. */
  seeds?: readonly Seed[];
  /** Runs to show; nothing moves them but being cancelled. */
  runs?: readonly Run[];
  /** Whose screen it is; default `people.jo`. */
  viewer?: Viewer;
  /** How long every answer takes, ms; default none. */
  latencyMs?: number;
}

/**
 * A server in the page: approvals by the real rules, a live feed, and faults on demand. For stories and tests of
 * whatever embeds the kit; give it to the provider's `transport`.
 */
export interface FakeTransport extends Transport {
  /** The approvals behind it as the viewer sees them; `as` gives them to others. */
  readonly approvals: MemoryApprovals;
  /** The newest approval whose title, message or action has these words. */
  find(words: string): Promise<Approval>;
  /** An agent asks for something. */
  ask(request: ApprovalRequest): Promise<Approval>;
  /** Somebody else responds to what they see now. */
  decideAs(person: Viewer, id: string, response: Omit<DecisionInput, "digest">): Promise<Approval>;
  /** Lets the clock run on to an approval's deadline; what ends earlier times out on the way. */
  timeOut(id: string): Promise<void>;
  /** The next request fails with `error`: the next one of all, or the next one to `route`. */
  failNext(error: HoldpointError, route?: RouteName): void;
  /** Requests wait until the returned function is called. */
  hold(): () => void;
  /** The page's network goes away: connections end, requests fail. */
  goOffline(): void;
  /** Undoes {@link goOffline}. */
  reconnect(): void;
  /** The session ends: connections are refused and requests answered by `unauthenticated`. */
  expireToken(): void;
  /** Undoes {@link expireToken}. */
  renewToken(): void;
  /** Ends its connections and gives the page its real network back. */
  dispose(): void;
}

/** A fake server for one page, whose clock starts at {@link fixtureNow}. */
export function createFakeTransport(options: FakeTransportOptions = {}): FakeTransport {
  return new PageServer(options);
}

interface Fault {
  error: HoldpointError;
  route?: RouteName;
}

class PageServer implements FakeTransport {
  readonly approvals: MemoryApprovals;
  readonly #clock = createFakeClock(fixtureNow);
  readonly #latencyMs: number;
  readonly #feed: FakeFeed;
  readonly #routes: FakeRoutes;
  readonly #ready: Promise<void>;
  readonly #faults: Fault[] = [];
  #outage: Exclude<CloseReason, "lost"> | undefined;
  #gate: Promise<void> = Promise.resolve();

  constructor({ seeds = [], runs = [], viewer = people.jo, latencyMs = 0 }: FakeTransportOptions) {
    const { now } = this.#clock;
    this.#latencyMs = latencyMs;
    this.approvals = createMemoryApprovals({ viewer, now, newId: createIds({ now, random: () => 0.5 }) });
    this.#feed = new FakeFeed({ approvals: this.approvals, viewer, now });
    this.#routes = fakeRoutes(this.approvals, new FakeRuns(runs, now), (cursor) => this.#feed.answer(cursor));
    this.#ready = sow(seeds, this.approvals, this.#clock).then(() => this.#feed.start());
  }

  async request<R extends RouteName>(
    route: R,
    input: RouteInput<Routes[R]>,
    options: RequestOptions = {},
  ): Promise<RouteOutput<Routes[R]>> {
    await this.#ready;
    await this.#gate;
    if (this.#latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#latencyMs));
    options.signal?.throwIfAborted();
    this.#assertReachable();
    this.#throwFault(route);
    return structuredClone(await this.#routes[route](input, options));
  }

  connect(listener: LiveListener): LiveConnection {
    const line = this.#outage ? deadLine(listener, this.#outage) : this.#feed.open(listener);
    return {
      subscribe: (cursor) => this.#ready.then(() => line.subscribe(cursor)),
      close: () => line.close(),
    };
  }

  async find(words: string): Promise<Approval> {
    await this.#ready;
    const { items } = await this.approvals.list({ q: words, limit: 1 });
    const [found] = items;
    if (!found) throw new HoldpointError("not_found", `No approval has the words "${words}".`);
    return found;
  }

  async ask(request: ApprovalRequest): Promise<Approval> {
    await this.#ready;
    return this.approvals.as(people.agent).request(request);
  }

  async decideAs(person: Viewer, id: string, response: Omit<DecisionInput, "digest">): Promise<Approval> {
    await this.#ready;
    const approvals = this.approvals.as(person);
    const { digest } = await approvals.get(id);
    return approvals.respond(id, { ...response, digest }, { via: "ui" });
  }

  async timeOut(id: string): Promise<void> {
    await this.#ready;
    const { deadlineAt } = await this.approvals.get(id);
    if (!deadlineAt) throw new HoldpointError("invalid_request", `The approval ${id} has no deadline.`);
    this.#clock.set(Date.parse(deadlineAt));
    this.approvals.tick();
  }

  failNext(error: HoldpointError, route?: RouteName): void {
    this.#faults.push({ error, route });
  }

  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  goOffline(): void {
    this.#outage = "unreachable";
    setPageOnline(false);
    this.#feed.hangUp("lost");
  }

  reconnect(): void {
    this.#outage = undefined;
    setPageOnline(true);
  }

  expireToken(): void {
    this.#outage = "refused";
    this.#feed.hangUp("refused");
  }

  renewToken(): void {
    this.#outage = undefined;
  }

  dispose(): void {
    this.#feed.hangUp("lost");
    setPageOnline(true);
  }

  #assertReachable(): void {
    if (this.#outage === "unreachable") throw new HoldpointError("unavailable", "The server can't be reached.");
    if (this.#outage === "refused")
      throw new HoldpointError("unauthenticated", "Your session has ended; sign in again.");
  }

  #throwFault(route: RouteName): void {
    const at = this.#faults.findIndex((fault) => fault.route === undefined || fault.route === route);
    const [fault] = at === -1 ? [] : this.#faults.splice(at, 1);
    if (fault) throw fault.error;
  }
}

/** A connection that is never accepted. */
function deadLine(listener: LiveListener, reason: CloseReason): LiveConnection {
  let closed = false;
  queueMicrotask(() => closed || listener.closed(reason));
  return {
    subscribe: async () => {
      throw new HoldpointError("unavailable", "The connection was never accepted.");
    },
    close: () => {
      closed = true;
    },
  };
}
