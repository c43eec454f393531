import { type Approval, HoldpointError } from "@holdpoint/core";
import { type Cell, createCell, type Readable } from "./readable.ts";
import { asHoldpointError } from "./response-error.ts";
import type { Rows } from "./rows.ts";
import type { PendingResponse, Submissions } from "./submissions.ts";

/** One approval as the live store knows it. */
export interface ApprovalEntry {
  status: "loading" | "ready" | "error";
  approval?: Approval;
  /** The newest response that the server has not acknowledged yet. The approval itself changes only when it has. */
  pending?: PendingResponse;
  /** Why the newest response failed, or why the approval could not be read. Cleared by the next try. */
  error?: HoldpointError;
}

/** What an observed approval works with. */
export interface ApprovalHost {
  readonly rows: Rows;
  readonly submissions: Submissions;
  /** Reads an approval and takes its row. */
  readOne(id: string): Promise<void>;
  /** Whether anything may be read now: not before the store is started, nor while its first answer is awaited. */
  mayReadOne(): boolean;
  /** Somebody looks at the approval now, or nobody does any more. */
  watchOne(observed: ObservedApproval, watched: boolean): void;
}

/** One approval that somebody looks at: its row, the response under way, and what went wrong. */
export class ObservedApproval implements Readable<ApprovalEntry> {
  readonly id: string;
  readonly #host: ApprovalHost;
  readonly #cell: Cell<ApprovalEntry>;
  #watched = false;
  #reading = false;
  #readError: HoldpointError | undefined;

  constructor(id: string, host: ApprovalHost) {
    this.id = id;
    this.#host = host;
    this.#cell = createCell<ApprovalEntry>(this.#entry(), {
      onWatched: () => {
        this.#watched = true;
        host.watchOne(this, true);
        this.refresh();
        this.ensure();
      },
      onUnwatched: () => {
        this.#watched = false;
        host.watchOne(this, false);
      },
    });
  }

  get = (): ApprovalEntry => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  /** Reads the approval when somebody looks at it and nobody has it, or what we have is in doubt. */
  ensure(): void {
    const { rows } = this.#host;
    if (!this.#watched) return;
    if (rows.get(this.id) === undefined || rows.isDoubtful(this.id)) void this.read();
  }

  async read(): Promise<void> {
    if (this.#reading || !this.#host.mayReadOne()) return;
    this.#reading = true;
    try {
      await this.#host.readOne(this.id);
      this.#readError = undefined;
    } catch (error) {
      this.#readError = asHoldpointError(error);
    } finally {
      this.#reading = false;
    }
    this.refresh();
  }

  /** The approval is out of sight. */
  lose(): void {
    this.#readError = new HoldpointError("not_found", "You can't see this approval any more.");
    this.refresh();
  }

  /** Shows what is known now. */
  refresh(): void {
    const before = this.get();
    const now = this.#entry();
    const keys = ["status", "approval", "pending", "error"] as const;
    if (keys.some((key) => before[key] !== now[key])) this.#cell.set(now);
  }

  #entry(): ApprovalEntry {
    const { rows, submissions } = this.#host;
    const approval = rows.get(this.id);
    // Once there is a row again, it can be seen again.
    const isOver = approval !== undefined && this.#readError?.code === "not_found";
    const error = submissions.errorFor(this.id) ?? (isOver ? undefined : this.#readError);
    const status = approval ? "ready" : this.#readError ? "error" : "loading";
    return { status, approval, pending: submissions.pendingFor(this.id), error };
  }
}
