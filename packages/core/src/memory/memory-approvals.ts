import { type Act, personOf } from "../approval/act.ts";
import { applyDecision, toDecision } from "../approval/apply-decision.ts";
import type { Approval } from "../approval/approval.ts";
import { listPage } from "../approval/approval-list.ts";
import { type ApprovalQuery, approvalQuerySchema } from "../approval/approval-query.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import {
  type ApprovalActions,
  type Approvals,
  type ConsumeOptions,
  defaultWaitSeconds,
  type RespondOptions,
  type WaitOptions,
} from "../approval/approvals.ts";
import { type BulkRespondInput, type BulkResult, bulkRespondSchema } from "../approval/bulk-respond.ts";
import {
  applyClaim,
  applyClaimExpiry,
  applyRelease,
  type ClaimInput,
  claimHolder,
  claimInputSchema,
} from "../approval/claim.ts";
import { applyComment, type CommentInput, commentInputSchema } from "../approval/comment.ts";
import { applyConsume, assertCanConsume, type ConsumeInput, consumeInputSchema } from "../approval/consume.ts";
import { type Counts, countsOf } from "../approval/counts.ts";
import { createApproval } from "../approval/create-approval.ts";
import { type CancelInput, cancelInputSchema, type RespondInput, respondInputSchema } from "../approval/decision.ts";
import { applyHeartbeat } from "../approval/lease.ts";
import { applyCancel } from "../approval/lifecycle.ts";
import type { GroupMembers } from "../approval/quorum.ts";
import { applyReassign, type ReassignInput, reassignInputSchema } from "../approval/reassign.ts";
import { assertCanCancel, canSee } from "../approval/reviewable.ts";
import { HoldpointError } from "../error.ts";
import { createIds, type NewId } from "../ids.ts";
import { withoutUndefined } from "../json/json.ts";
import { parse } from "../json/parse.ts";
import type { LogEvent } from "../log/event.ts";
import { applyDue, nextDueAt } from "../time/ladder.ts";
import type { Viewer } from "../viewer.ts";
import type { Change, Gone } from "../wire/live.ts";
import type { Page } from "../wire/page.ts";
import { KeyedBodies, keyTaken } from "./keyed-bodies.ts";
import { MemoryLedger } from "./memory-ledger.ts";

/** How approvals in memory behave. */
export interface MemoryApprovalsOptions {
  /** For whom the methods act; `as` gives the same approvals to others. */
  viewer: Viewer;
  /** Milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
  /** Default {@link createIds} on the same clock. */
  newId?: NewId;
  groupMembers?: GroupMembers;
}

/**
 * Approvals that live in memory, by the same rules as the server's: for stories, and for tests of what asks or decides.
 * What time brings (ladder, timeouts, leases that end) happens before each call; `tick` makes it happen without one.
 */
export interface MemoryApprovals extends Approvals, ApprovalActions {
  /** The same approvals for another viewer, of the same tenant or another. */
  as(viewer: Viewer): MemoryApprovals;
  /** Gives many approvals the same response, with a result per item. */
  bulkRespond(input: BulkRespondInput): Promise<BulkResult[]>;
  counts(): Promise<Counts>;
  /** The history of one approval, oldest first. */
  events(id: string): Promise<LogEvent[]>;
  /**
   * Hears of every change to what the viewer can see, and returns how to stop that.
   *
   * @param left called for what they can't see any more
   */
  subscribe(listener: (change: Change) => void, left?: (gone: Gone) => void): () => void;
  tick(): void;
}

/** Approvals in memory; see {@link MemoryApprovals}. */
export function createMemoryApprovals(options: MemoryApprovalsOptions): MemoryApprovals {
  const { viewer, now = Date.now, newId = createIds({ now }), groupMembers } = options;
  return new MemoryDesk({ ledger: new MemoryLedger(), keys: new KeyedBodies(), now, newId, groupMembers }, viewer);
}

interface World {
  ledger: MemoryLedger;
  keys: KeyedBodies;
  now: () => number;
  newId: NewId;
  groupMembers?: GroupMembers;
}

/** One viewer at the approvals of a world. */
class MemoryDesk implements MemoryApprovals {
  readonly #world: World;
  readonly #viewer: Viewer;

  constructor(world: World, viewer: Viewer) {
    this.#world = world;
    this.#viewer = viewer;
  }

  as(viewer: Viewer): MemoryApprovals {
    return new MemoryDesk(this.#world, viewer);
  }

  async request(request: ApprovalRequest): Promise<Approval> {
    const { id: ownerId, name, tenantId, role, kind = "user" } = this.#viewer;
    if (role === "auditor") throw new HoldpointError("forbidden", "An auditor reads only.");
    const approval = createApproval(request, {
      id: this.#world.newId("apr"),
      tenantId,
      now: this.#at(),
      ownerId,
      requestedBy: withoutUndefined({ id: ownerId, name, kind }),
    });
    return this.#earlier(request) ?? this.#world.ledger.save(undefined, structuredClone(approval));
  }

  async respond(id: string, response: RespondInput, options: RespondOptions = {}): Promise<Approval> {
    const approval = this.#find(id);
    const input = parse(respondInputSchema, response);
    if (!("approved" in input) && input.remember) {
      throw new HoldpointError("decision_not_allowed", "Approvals in memory can't remember a decision.");
    }
    const { idempotencyKey, via = "api" } = options;
    if (idempotencyKey && this.#world.keys.isRepeated(["respond", id, this.#viewer.id, idempotencyKey], input))
      return approval;
    const facts = { approval, input, viewer: this.#viewer, id: this.#world.newId("dec"), now: this.#at(), via };
    const decided = applyDecision(approval, toDecision(facts), this.#viewer, this.#world);
    if (idempotencyKey) this.#world.keys.remember(["respond", id, this.#viewer.id, idempotencyKey], input);
    return this.#world.ledger.save(approval, decided);
  }

  async bulkRespond(input: BulkRespondInput): Promise<BulkResult[]> {
    const { items, type, comment } = parse(bulkRespondSchema, input);
    return Promise.all(items.map(({ id, digest }) => this.#respondToItem(id, { type, digest, comment })));
  }

  async cancel(id: string, input: CancelInput = {}): Promise<Approval> {
    const approval = this.#find(id);
    const { reason } = parse(cancelInputSchema, input);
    assertCanCancel(approval, this.#viewer, "withdraw it");
    const by = personOf(this.#viewer);
    return this.#world.ledger.save(approval, applyCancel(approval, { now: this.#at(), by, reason }));
  }

  async heartbeat(id: string): Promise<Approval> {
    const approval = this.#find(id);
    assertCanCancel(approval, this.#viewer, "hold its lease");
    return this.#world.ledger.save(approval, applyHeartbeat(approval, this.#at()));
  }

  async reassign(id: string, input: ReassignInput): Promise<Approval> {
    const { groupMembers } = this.#world;
    return this.#act(id, (approval, now) =>
      applyReassign(approval, parse(reassignInputSchema, input), this.#viewer, { now, groupMembers }),
    );
  }

  async claim(id: string, input: ClaimInput = {}): Promise<Approval> {
    return this.#act(id, (approval, now) => applyClaim(approval, parse(claimInputSchema, input), this.#viewer, now));
  }

  async release(id: string): Promise<Approval> {
    return this.#act(id, (approval, now) => applyRelease(approval, this.#viewer, now));
  }

  async comment(id: string, input: CommentInput): Promise<Approval> {
    return this.#act(id, (approval, now) =>
      applyComment(approval, parse(commentInputSchema, input), this.#viewer, now),
    );
  }

  async consume(id: string, input: ConsumeInput, { idempotencyKey }: ConsumeOptions = {}): Promise<Approval> {
    const approval = this.#find(id);
    const consumption = parse(consumeInputSchema, input);
    assertCanConsume(approval, this.#viewer);
    const scope = ["consume", id, this.#viewer.id, idempotencyKey ?? ""];
    if (idempotencyKey && this.#world.keys.isRepeated(scope, consumption)) return approval;
    const consumed = applyConsume(approval, consumption, personOf(this.#viewer), this.#at());
    if (idempotencyKey) this.#world.keys.remember(scope, consumption);
    return this.#world.ledger.save(approval, consumed.approval, consumed.events);
  }

  async get(id: string): Promise<Approval> {
    return this.#find(id);
  }

  async list(query: ApprovalQuery = {}): Promise<Page<Approval>> {
    this.tick();
    const parsed = parse(approvalQuerySchema, query, "query");
    return listPage(this.#world.ledger.all(), parsed, this.#viewer, this.#world.now());
  }

  async counts(): Promise<Counts> {
    this.tick();
    return countsOf(this.#world.ledger.all(), this.#viewer);
  }

  async events(id: string): Promise<LogEvent[]> {
    const { tenantId } = this.#find(id);
    return this.#world.ledger.events(tenantId).filter((event) => event.approvalId === id);
  }

  async wait(id: string, { timeout = defaultWaitSeconds, signal }: WaitOptions = {}): Promise<Approval> {
    const end = performance.now() + timeout * 1_000;
    for (;;) {
      signal?.throwIfAborted();
      const approval = this.#find(id);
      const left = end - performance.now();
      if (approval.status !== "pending" || left <= 0) return approval;
      await this.#news(approval, left, signal);
    }
  }

  subscribe(listener: (change: Change) => void, left?: (gone: Gone) => void): () => void {
    return this.#world.ledger.subscribe((change, before) => {
      const { seq, approval } = change;
      if (canSee(approval, this.#viewer)) listener(change);
      else if (before && canSee(before, this.#viewer)) {
        left?.({ seq, approvalId: approval.id, version: approval.version });
      }
    });
  }

  tick(): void {
    const now = this.#at();
    for (const approval of this.#world.ledger.all()) {
      let before = approval;
      for (const after of applyDue(approval, now, this.#world)) before = this.#world.ledger.save(before, after);
      this.#endClaim(before, now);
    }
  }

  #endClaim(approval: Approval, now: string): void {
    if (!approval.claimedBy || claimHolder(approval, now)) return;
    const released = applyClaimExpiry(approval, now);
    this.#world.ledger.save(approval, released.approval, released.events);
  }

  #act(id: string, rule: (approval: Approval, now: string) => Act): Approval {
    const approval = this.#find(id);
    const act = rule(approval, this.#at());
    return this.#world.ledger.save(approval, act.approval, act.events);
  }

  #at(): string {
    return new Date(this.#world.now()).toISOString();
  }

  #find(id: string): Approval {
    this.tick();
    const approval = this.#world.ledger.get(id);
    if (approval && canSee(approval, this.#viewer)) return approval;
    throw new HoldpointError("not_found", `There is no approval ${id}.`);
  }

  /** The approval that an earlier request with the same key made. */
  #earlier(request: ApprovalRequest): Approval | undefined {
    const { key } = request;
    if (key === undefined) return undefined;
    const { tenantId } = this.#viewer;
    if (this.#world.keys.isRepeated(["request", tenantId, key], request)) {
      const earlier = this.#world.ledger
        .all()
        .find((approval) => approval.key === key && approval.tenantId === tenantId);
      if (earlier && !canSee(earlier, this.#viewer)) throw keyTaken(key);
      return earlier;
    }
    this.#world.keys.remember(["request", tenantId, key], request);
    return undefined;
  }

  async #respondToItem(id: string, input: RespondInput): Promise<BulkResult> {
    try {
      await this.respond(id, input);
      return { id, ok: true };
    } catch (error) {
      if (!(error instanceof HoldpointError)) throw error;
      return { id, ok: false, error: { code: error.code, message: error.message } };
    }
  }

  /** Resolves when an approval changes, when time brings something, and at the latest after `ms`. */
  #news(approval: Approval, ms: number, signal?: AbortSignal): Promise<void> {
    const dueAt = nextDueAt(approval);
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#world.ledger.subscribe((change) => {
      if (change.approval.id === approval.id) resolve();
    });
    const untilDue = dueAt ? Date.parse(dueAt) - this.#world.now() : ms;
    const timer = setTimeout(resolve, Math.max(1, Math.min(ms, untilDue)));
    const abort = () => resolve();
    signal?.addEventListener("abort", abort, { once: true });
    return promise.finally(() => {
      stop();
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    });
  }
}
