import type { Approval, Duration, NewId, NotificationChannel, Resumer, Workflow } from "@holdpoint/core";
import type { Logger } from "pino";
import type { LookUpGroups } from "./approvals/group-lookup.ts";
import type { Clock } from "./clock.ts";
import type { HostDatabase } from "./database/database.ts";
import type { DeliveryOptions } from "./deliveries/delivery-sender.ts";
import type { RateLimit } from "./http/rate-limit.ts";
import type { Authenticate } from "./identity/authenticate.ts";
import type { PolicyOption } from "./policy/policy-source.ts";
import type { ImmediateResumer } from "./store/store.ts";

/** What `createHoldpoint` takes. */
export interface HoldpointOptions {
  /** `sqlite:./holdpoint.db`, `postgres://user:password@host:5432/name`, or a Kysely dialect of the host's own. */
  database: string | HostDatabase;
  /**
   * Says who is calling, for HTTP requests and live connections alike. There is no default: see `sessionTokens` for a
   * ready-made one. API keys are accepted besides.
   */
  authenticate: Authenticate;
  /** Every version of every workflow that stored runs may still be on. */
  workflows?: readonly Workflow[];
  /**
   * Rules that approve, reject or tighten requests before people see them: `definePolicy([...])`, `parsePolicy(json)`,
   * or a function that gives each tenant its own and is asked for every request. When it throws or takes longer than
   * 2 s, people decide.
   */
  policy?: PolicyOption;
  /**
   * What wakes programs that wait for approvals outside our own runs: by deliveries that are repeated until they succeed,
   * or, where the program waits in the same database, in the transaction that ends the approval.
   */
  resumers?: readonly (Resumer | ImmediateResumer)[];
  /** Ways to reach people outside the app, by the names that requests, gates and workflows call them. */
  channels?: Readonly<Record<string, NotificationChannel>>;
  /** How notifications and outcomes are delivered. */
  deliveries?: DeliveryOptions;
  /** Where people open the hosted pages; notifications link to `<publicUrl>/approvals/<id>`. */
  publicUrl?: string;
  /** Where the host itself shows an approval, for such links; stands in for `publicUrl`. */
  reviewUrl?: (approval: Approval) => string;
  /**
   * Looks up group members. Called when a decision counts towards a stage with quorum "all" that names groups, so that
   * the stage waits for every member. While it throws, or takes longer than 5 s, such decisions are refused as
   * `unavailable`. A group that it omits needs one approval by somebody in it. It doesn't grant the right to decide;
   * `Viewer.groups` does.
   */
  groupMembers?: LookUpGroups;
  /** Where the host mounts the router; the live feed answers at `<mountPath>/live`. Default `/api`. */
  mountPath?: string;
  /** Origins (`https://app.example.com`) whose pages may call the API and open live connections, besides our own. */
  allowedOrigins?: readonly string[];
  /** Per viewer and server; default 60,000 requests a minute. `false` when something in front of it limits already. */
  rateLimit?: RateLimit | false;
  /** When given, `/metrics` wants it as a bearer token. */
  metricsToken?: string;
  /** After how long an approval that still waits counts as stale in `/metrics`; default `48h`. */
  staleAfter?: Duration;
  /** Runs that this server works on at once; 0 leaves them to other servers. Default 100. */
  runConcurrency?: number;
  /** How long other servers wait before they take over a dead server's runs; default 10,000 ms. */
  leaseMs?: number;
  /** How long events are remembered for runs that come to wait for them later; default `30d`. */
  rememberEvents?: Duration;
  /**
   * How long a run's handler may await something outside the run context before its run fails;
   * default 300,000 ms. A handler that blocks the event loop can't be stopped.
   */
  handlerStallMs?: number;
  /**
   * How often a run is taken up again whose process has ended, while it doesn't get any further; default 100. Then it
   * fails, and can be retried: a step that brings its process down each time is not to do so for ever.
   */
  maxRecoveries?: number;
  /** Default: warnings and errors, as JSON lines on stderr. */
  logger?: Logger;
  /** Where time comes from, for tests. Default the machine's clock. */
  clock?: Clock;
  /** Where retries get their jitter from: from 0 up to 1. Default `Math.random`. */
  random?: () => number;
  /** Makes ids, sortable by time. Default ULIDs by `clock`. */
  newId?: NewId;
  /** Called at named places where a crash test may stop the process. */
  failpoint?: (name: string) => void | Promise<void>;
}
