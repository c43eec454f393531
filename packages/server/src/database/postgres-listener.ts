import pg from "pg";

/** Postgres channel on which commits tell the other nodes which tenant they concern. */
export const commitChannel = "holdpoint_commits";

/** Told which tenants' logs may have grown. */
export type TenantListener = (tenantIds: ReadonlySet<string>) => void;

const connectTimeoutMs = 5_000;
const firstRetryMs = 100;
const lastRetryMs = 10_000;

/** One connection that is notified of other nodes' commits, and reconnects by itself when it is lost. */
export class PostgresListener {
  readonly #connectionString: string;
  readonly #onError: (error: unknown) => void;
  #told: TenantListener = () => undefined;
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(connectionString: string, onError: (error: unknown) => void) {
    this.#connectionString = connectionString;
    this.#onError = onError;
  }

  /** Sets the one that is told. */
  tell(listener: TenantListener): void {
    this.#told = listener;
  }

  /** Connects; rejects when that fails. Later losses are mended without being asked. */
  async start(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
    });
    client.on("error", this.#onError);
    client.on("notification", ({ payload }) => payload !== undefined && this.#told(new Set([payload])));
    try {
      await client.connect();
      await client.query(`listen ${commitChannel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    client.once("end", () => this.#restart(firstRetryMs));
    if (this.#stopped) await client.end();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  #restart(waitMs: number): void {
    if (this.#stopped) return;
    this.#retry = setTimeout(() => {
      this.start()
        .then(() => this.#catchUp())
        .catch((error) => {
          this.#onError(error);
          this.#restart(Math.min(waitMs * 2, lastRetryMs));
        });
    }, waitMs);
    this.#retry.unref();
  }

  /** What was notified meanwhile is lost, so every tenant may have grown. */
  async #catchUp(): Promise<void> {
    const result = await this.#client?.query<{ id: string }>("select id from holdpoint.tenants");
    this.#told(new Set(result?.rows.map(({ id }) => id)));
  }
}
