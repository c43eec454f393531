import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Approval, ApprovalRequest, LogEvent, Page } from "@holdpoint/core";
import express from "express";
import type { HostDatabase } from "../database/database.ts";
import { createHoldpoint, type Holdpoint } from "../holdpoint.ts";
import { type SessionTokenClaims, sessionTokens } from "../identity/session-tokens.ts";
import type { HoldpointOptions } from "../options.ts";
import { type TestCaller, testCaller } from "./caller.ts";

/** A database that is removed with the Holdpoint that uses it: disposed of when nothing has it open any more. */
export interface ThrowawayDatabase extends AsyncDisposable {
  location(): string | HostDatabase;
}

/** What {@link startTestHoldpoint} takes: any of a Holdpoint's options. */
export interface TestHoldpointOptions extends Omit<Partial<HoldpointOptions>, "database"> {
  /** Default: a new SQLite file. One that is given by its URL is left as it is. */
  database?: HoldpointOptions["database"] | ThrowawayDatabase;
}

/** Who a caller is besides their id; default a reviewer of the default tenant. */
export type TestPerson = Omit<SessionTokenClaims, "sub">;

/** A real Holdpoint on a real HTTP server, to be called by people of any name. */
export interface TestHoldpoint extends AsyncDisposable {
  readonly holdpoint: Holdpoint;
  readonly server: Server;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** The API: `<origin>/api`. */
  readonly url: string;
  /** A session token. */
  token(id: string, person?: TestPerson): Promise<string>;
  /** Someone who calls the API over HTTP with a session token. */
  as(id: string, person?: TestPerson): TestCaller;
  /** Requests an approval as `agent`, who is a requester of the default tenant. */
  request(request: ApprovalRequest): Promise<Approval>;
  /** Types of an approval's events, oldest first. */
  eventTypes(approval: Pick<Approval, "id">): Promise<string[]>;
}

const secret = "a secret for tests, long enough for HS256";

/** Starts a Holdpoint for tests on a port of the system's choice; disposing of it stops it and removes its database. */
export async function startTestHoldpoint(options: TestHoldpointOptions = {}): Promise<TestHoldpoint> {
  const tokens = sessionTokens({ secret, clock: options.clock });
  const database = throwaway(options.database ?? (await newSqliteFile()));
  const mountPath = options.mountPath ?? "/api";
  const holdpoint = await orDropped(database, () =>
    createHoldpoint({ authenticate: tokens.authenticate, ...options, mountPath, database: database.location() }),
  );
  const server = createServer(express().use(mountPath, holdpoint.router));
  holdpoint.attach(server);
  await orDropped(database, () => holdpoint.start());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = origin + mountPath;
  const token = (id: string, person: TestPerson = {}) => tokens.issue({ ...person, sub: id });
  const as = (id: string, person?: TestPerson) => testCaller(url, () => token(id, person));

  return {
    holdpoint,
    server,
    origin,
    url,
    token,
    as,
    request: (request) => as("agent", { role: "requester" }).request(request),
    async eventTypes({ id }) {
      const { items } = await as("auditor", { role: "auditor" }).get<Page<LogEvent>>(`/approvals/${id}/events`);
      return items.map((event) => event.type);
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      await holdpoint.stop();
      server.closeAllConnections();
      await closed;
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A Holdpoint that can't be made, or can't start, leaves no database behind. */
async function orDropped<T>(database: ThrowawayDatabase, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
}

function throwaway(database: HoldpointOptions["database"] | ThrowawayDatabase): ThrowawayDatabase {
  if (typeof database === "object" && Symbol.asyncDispose in database) return database;
  return { location: () => database, [Symbol.asyncDispose]: async () => undefined };
}

async function newSqliteFile(): Promise<ThrowawayDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  return {
    location: () => `sqlite:${join(directory, "test.db")}`,
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
