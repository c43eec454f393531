import {
  type Approval,
  type BulkRespondInput,
  type BulkResult,
  HoldpointError,
  type RespondInput,
} from "@holdpoint/core";
import type { Client } from "./client.ts";
import type { Clock } from "./clock.ts";
import { randomKey } from "./random-key.ts";
import { asHoldpointError } from "./response-error.ts";

/** A response on its way: submitted, not yet acknowledged. */
export interface PendingResponse {
  response: RespondInput;
  /** ms since the epoch, by this machine's clock. */
  submittedAt: number;
}

interface Submission extends PendingResponse {
  id: string;
}

/** A response that failed: repeating it uses its key again, in case the server has recorded it after all. */
interface Failure {
  error: HoldpointError;
  response: RespondInput;
  key: string | undefined;
}

/** Listens to submissions. */
export interface SubmissionSink {
  /** Something about an approval's submissions is different. */
  changed(id: string): void;
  /** The server's answer to a response. */
  acknowledged(approval: Approval): void;
  /** The approval isn't what the reviewer took it for: read it again. */
  outdated(id: string): void;
}

/** Failures remembered, so that a page that is open for weeks doesn't collect them. */
const mostFailures = 200;

/** Most items of one bulk request. */
const bulkSize = 200;

/** Errors that say that the approval isn't what it was taken for. */
export const outdatedCodes: readonly string[] = [
  "already_resolved",
  "already_claimed",
  "digest_mismatch",
  "not_found",
  "not_a_reviewer",
];

/**
 * Responses under way, in the order they were given: what is laid over the server's rows. Each goes when its own answer
 * comes, good or bad; when one approval got several, the newest is the one that counts.
 */
export class Submissions {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #sink: SubmissionSink;
  #pending: readonly Submission[] = [];
  readonly #failures = new Map<string, Failure>();

  constructor(client: Client, clock: Clock, sink: SubmissionSink) {
    this.#client = client;
    this.#clock = clock;
    this.#sink = sink;
  }

  /** The newest response to an approval that has no answer yet. */
  pendingFor(id: string): PendingResponse | undefined {
    return this.#pending.findLast((submission) => submission.id === id);
  }

  /** Why the newest response to an approval failed. */
  errorFor(id: string): HoldpointError | undefined {
    return this.#failures.get(id)?.error;
  }

  dismiss(id: string): void {
    if (this.#failures.delete(id)) this.#sink.changed(id);
  }

  /** @throws {HoldpointError} what the server says */
  async respond(id: string, response: RespondInput): Promise<Approval> {
    const key = this.#keyFor(id, response);
    const submission = this.#add(id, response);
    try {
      const approval = await this.#client.approvals.respond(id, response, { idempotencyKey: key });
      this.#settle(submission);
      this.#sink.acknowledged(approval);
      return approval;
    } catch (error) {
      const failed = asHoldpointError(error);
      this.#settle(submission, { error: failed, response, key });
      throw failed;
    }
  }

  /** A result for each item, in order; an error only when nothing is known about a whole request. */
  async respondAll({ items, ...response }: BulkRespondInput): Promise<BulkResult[]> {
    const results: BulkResult[] = [];
    for (let i = 0; i < items.length; i += bulkSize) {
      results.push(...(await this.#respondTogether({ ...response, items: items.slice(i, i + bulkSize) })));
    }
    return results;
  }

  async #respondTogether(input: BulkRespondInput): Promise<BulkResult[]> {
    const { items, ...response } = input;
    const submissions = items.map(({ id, digest }) => this.#add(id, { ...response, digest }));
    const fail = (submission: Submission, error: HoldpointError) =>
      this.#settle(submission, { error, response: submission.response, key: undefined });
    try {
      const results = await this.#client.bulkRespond(input);
      for (const [i, submission] of submissions.entries()) {
        const result = results[i];
        if (result && !result.ok) fail(submission, new HoldpointError(result.error.code, result.error.message));
        else this.#settle(submission);
      }
      return results;
    } catch (error) {
      const failed = asHoldpointError(error);
      for (const submission of submissions) fail(submission, failed);
      throw failed;
    }
  }

  #keyFor(id: string, response: RespondInput): string {
    const failure = this.#failures.get(id);
    const unknownOutcome = failure?.error.code === "unavailable";
    const repeated = unknownOutcome && JSON.stringify(failure?.response) === JSON.stringify(response);
    return (repeated && failure?.key) || randomKey();
  }

  #add(id: string, response: RespondInput): Submission {
    const submission = { id, response, submittedAt: this.#clock.now() };
    this.#pending = [...this.#pending, submission];
    this.#failures.delete(id);
    this.#sink.changed(id);
    return submission;
  }

  /** Removes one submission; its failure is kept unless a newer response to the same approval is under way or failed. */
  #settle(submission: Submission, failure?: Failure): void {
    const { id } = submission;
    const newest = this.pendingFor(id) === submission;
    this.#pending = this.#pending.filter((other) => other !== submission);
    if (failure && newest) this.#failures.set(id, failure);
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > mostFailures && !oldest.done) this.#failures.delete(oldest.value);
    this.#sink.changed(id);
    if (failure && outdatedCodes.includes(failure.error.code)) this.#sink.outdated(id);
  }
}
