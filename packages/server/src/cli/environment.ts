import { HoldpointError } from "@holdpoint/core";
import { UsageError } from "./usage-error.ts";

/** What the command reads from the environment; the library itself reads nothing. */
export interface Environment {
  HOLDPOINT_DATABASE_URL?: string;
  HOLDPOINT_SECRET?: string;
  HOLDPOINT_PORT?: string;
  HOLDPOINT_PUBLIC_URL?: string;
}

/** The secret that session tokens are signed with. */
export function requireSecret({ HOLDPOINT_SECRET }: Environment): string {
  if (HOLDPOINT_SECRET) return HOLDPOINT_SECRET;
  throw new HoldpointError(
    "invalid_request",
    'There is no secret to sign session tokens with; make one with: export HOLDPOINT_SECRET="$(openssl rand -base64 32)"',
  );
}

/** The port to listen on; 0 lets the system choose. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`"${text}" is not a port: it must be a whole number from 0 to 65535.`);
}

/** The origin of the address that a proxy serves us under. */
export function publicOrigin({ HOLDPOINT_PUBLIC_URL: url }: Environment): string | undefined {
  if (!url) return undefined;
  if (URL.canParse(url) && /^https?:/.test(url)) return new URL(url).origin;
  throw new UsageError(`HOLDPOINT_PUBLIC_URL "${url}" is not an http or https URL.`);
}
