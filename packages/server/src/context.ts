import type { Logger } from "pino";
import type { LookUpGroups } from "./approvals/group-lookup.ts";
import type { Clock } from "./clock.ts";
import type { Outbox } from "./deliveries/outbox.ts";
import type { PolicySource } from "./policy/policy-source.ts";
import type { ImmediateResumer, Store } from "./store/store.ts";

/** What every use case works with. */
export interface Context {
  readonly store: Store;
  readonly clock: Clock;
  /** A new sortable id: `prefix` + `_` + 26 characters. */
  readonly newId: (prefix: string) => string;
  readonly logger: Logger;
  readonly policies: PolicySource;
  /** The host's lookup of group members. */
  readonly groupMembers?: LookUpGroups;
  /** By `source.engine`. */
  readonly resumers: ReadonlyMap<string, ImmediateResumer>;
  readonly outbox: Outbox;
}
