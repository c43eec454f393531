import { HoldpointError, parse, type Role, roles, type Viewer } from "@holdpoint/core";
import { LRUCache } from "lru-cache";
import * as z from "zod";
import type { Context } from "../context.ts";
import { isoTime } from "../iso-time.ts";
import {
  type ApiKey,
  apiKeyPrefix,
  findApiKey,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
} from "../store/api-keys-table.ts";
import { defaultTenant } from "../system-viewer.ts";
import type { Authenticate } from "./authenticate.ts";

/** What a new key may do. */
export interface NewApiKey {
  /** For people to tell it from others; shown where it requests or decides. */
  name: string;
  role: Role;
  /** Default `default`. */
  tenantId?: string;
  groups?: string[];
  /** The person that the key acts for: it has their id, sees what is theirs, and may not decide what they asked for. */
  ownerId?: string;
}

/** A new key with its secret, which is shown this once: only a hash of it is stored. */
export interface CreatedApiKey extends ApiKey {
  /** `hpk_...`, to be sent as a bearer token. */
  secret: string;
}

/** Keys by which agents and services call the API. */
export interface ApiKeys {
  /** @throws {HoldpointError} `invalid_request` */
  create(key: NewApiKey): Promise<CreatedApiKey>;
  /** A tenant's keys, oldest first, revoked ones too. */
  list(tenantId?: string): Promise<ApiKey[]>;
  /**
   * Ends a key and closes its live connections: on this server at once; others take it for at most 2 s more.
   *
   * @throws {HoldpointError} `not_found`
   */
  revoke(id: string, tenantId?: string): Promise<void>;
}

/** {@link ApiKeys}, and how callers that send one are known. */
export interface ApiKeyIdentity extends ApiKeys {
  readonly authenticate: Authenticate;
}

const id = z.string().trim().min(1).max(200);

const newApiKeySchema: z.ZodType<NewApiKey> = z.strictObject({
  name: id,
  role: z.enum(roles),
  tenantId: id.optional(),
  groups: z.array(id).optional(),
  ownerId: id.optional(),
});

/** How long a key is taken for good without asking the database again, ms. */
const trustedMs = 2_000;
const trustedKeys = 1_000;

/** @param onRevoke called for keys that were just revoked here */
export function createApiKeys(ctx: Context, onRevoke: (viewer: Viewer) => void): ApiKeyIdentity {
  const trusted = new LRUCache<string, Viewer>({ max: trustedKeys, ttl: trustedMs });
  return {
    async create(input) {
      const { name, role, tenantId = defaultTenant, groups = [], ownerId } = parse(newApiKeySchema, input, "key");
      const createdAt = isoTime(ctx.clock.now());
      const key = { id: ctx.newId("key"), tenantId, name, role, groups, createdAt, ...(ownerId && { ownerId }) };
      const secret = await ctx.store.write((tx) => insertApiKey(tx, key));
      return { ...key, secret };
    },
    list: (tenantId = defaultTenant) => listApiKeys(ctx.store.reader, tenantId),
    async revoke(id, tenantId = defaultTenant) {
      const at = isoTime(ctx.clock.now());
      await ctx.store.write((tx) => revokeApiKey(tx, tenantId, id, at));
      trusted.clear();
      const key = (await listApiKeys(ctx.store.reader, tenantId)).find((known) => known.id === id);
      if (key) onRevoke(viewerOf(key));
    },
    async authenticate({ token }) {
      if (!token?.startsWith(apiKeyPrefix)) return null;
      const known = trusted.get(token);
      if (known) return known;
      const key = await findApiKey(ctx.store.reader, token);
      if (!key) throw new HoldpointError("unauthenticated", "This API key is unknown or was revoked.");
      const viewer = viewerOf(key);
      trusted.set(token, viewer);
      return viewer;
    },
  };
}

function viewerOf({ id, tenantId, name, role, groups, ownerId = id }: ApiKey): Viewer {
  return { id: ownerId, name, tenantId, groups, role, kind: "service" };
}
