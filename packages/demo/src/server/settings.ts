import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ModelSettings } from "./drafts/model-drafter.ts";

/** What `main.ts` reads from the environment. */
export interface Settings {
  port: number;
  databaseUrl: string;
  /** Folder for what isn't in the database: sent mail, customers, tickets and the secret. */
  dataFolder: string;
  /** Signs the demo's session tokens. */
  secret: string;
  /** Absent when drafts come from the template. */
  model?: ModelSettings;
}

type Environment = Record<string, string | undefined>;

const defaultPort = 4000;
const defaultDatabaseUrl = "sqlite:./acme-ops.db";
const defaultModel = "gpt-4.1-mini";

/**
 * Reads the settings of the process. Without `HOLDPOINT_SECRET` a secret is made once and kept in the data folder, readable
 * by its owner only, so that people stay signed in across restarts.
 */
export function readSettings(env: Environment): Settings {
  const databaseUrl = env.HOLDPOINT_DATABASE_URL || defaultDatabaseUrl;
  const dataFolder = dataFolderOf(databaseUrl);
  return {
    port: portOf(env.PORT),
    databaseUrl,
    dataFolder,
    secret: env.HOLDPOINT_SECRET || keptSecret(dataFolder),
    model: modelOf(env),
  };
}

function portOf(text: string | undefined): number {
  const port = text ? Number(text) : defaultPort;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is "${text}", which is not a port.`);
  return port;
}

/** Beside an SQLite file, under its name: `./acme-ops.db` gives `./acme-ops.data`. */
function dataFolderOf(databaseUrl: string): string {
  const file = /^sqlite:(.+)$/.exec(databaseUrl)?.[1];
  return resolve(`${file?.replace(/\.db$/, "") ?? "acme-ops"}.data`);
}

function keptSecret(folder: string): string {
  const path = join(folder, "secret");
  mkdirSync(folder, { recursive: true });
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const secret = randomBytes(32).toString("base64url");
  writeFileSync(path, secret, { mode: 0o600, flag: "wx" });
  return secret;
}

function modelOf(env: Environment): ModelSettings | undefined {
  const url = env.HOLDPOINT_DEMO_MODEL_URL || env.OPENAI_BASE_URL;
  const apiKey = env.HOLDPOINT_DEMO_MODEL_KEY || env.OPENAI_API_KEY;
  if (!url || !apiKey) return undefined;
  return { url, apiKey, model: env.HOLDPOINT_DEMO_MODEL || env.OPENAI_MODEL || defaultModel };
}
