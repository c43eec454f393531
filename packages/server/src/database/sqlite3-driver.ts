import { CompiledQuery, type Driver, type TransactionSettings } from "kysely";
import sqlite3 from "sqlite3";
import { Sqlite3Connection } from "./sqlite3-connection.ts";

/** How to open a database with {@link Sqlite3Driver}. */
export interface Sqlite3Config {
  filename: string;
  /** Connections opened at most; one gives a writer, several let reads go on side by side. */
  connections: number;
  /** Run on every new connection. */
  onOpen: (connection: Sqlite3Connection) => Promise<void>;
}

/** A pool of connections, each used by one query or transaction at a time. */
export class Sqlite3Driver implements Driver {
  readonly #config: Sqlite3Config;
  readonly #idle: Sqlite3Connection[] = [];
  readonly #waiting: ((connection: Sqlite3Connection) => void)[] = [];

  constructor(config: Sqlite3Config) {
    this.#config = config;
  }

  async init(): Promise<void> {
    try {
      for (let i = 0; i < this.#config.connections; i++) {
        const connection = new Sqlite3Connection(await open(this.#config.filename));
        this.#idle.push(connection);
        await this.#config.onOpen(connection);
      }
    } catch (error) {
      for (const connection of this.#idle.splice(0)) await connection.close();
      throw error;
    }
  }

  async acquireConnection(): Promise<Sqlite3Connection> {
    return this.#idle.pop() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  async releaseConnection(connection: Sqlite3Connection): Promise<void> {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }

  async beginTransaction(connection: Sqlite3Connection, _settings: TransactionSettings): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin"));
  }

  async commitTransaction(connection: Sqlite3Connection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: Sqlite3Connection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  /** Waits for connections in use. */
  async destroy(): Promise<void> {
    for (let i = 0; i < this.#config.connections; i++) {
      const connection = await this.acquireConnection();
      await connection.close();
    }
  }
}

function open(filename: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(filename, (error) => (error ? reject(error) : resolve(database)));
  });
}
