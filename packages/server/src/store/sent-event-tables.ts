/** Tables of the events that are sent to runs. Conventions are those of `Tables`. */
export interface SentEventTables {
  sent_events: SentEventsTable;
  sent_event_keys: SentEventKeysTable;
  event_names: EventNamesTable;
  event_waits: EventWaitsTable;
}

/** One row per event that is remembered. */
export interface SentEventsTable {
  tenant_id: string;
  /** The place in the tenant's log of the row that says it came: the order of events, also relative to runs. */
  seq: number;
  id: string;
  /** Hash of what was sent, to tell a repetition from a conflict. */
  request_hash: string;
  name: string;
  data: string;
  at: string;
}

/** Where events are found by a value that they have: a row for each path that waits have used so far. */
export interface SentEventKeysTable {
  tenant_id: string;
  name: string;
  /** Hash of a path and the value there. */
  key: string;
  seq: number;
}

/** One row per name of an event that was sent or waited for; its lock keeps sending and waiting apart. */
export interface EventNamesTable {
  tenant_id: string;
  name: string;
  /** JSON: the paths that waits look events up by, each with the `seq` from which on events have keys for it. */
  paths: string;
}

/** One row per open wait. What exactly it waits for is in its step. */
export interface EventWaitsTable {
  tenant_id: string;
  name: string;
  /** Hash of the first path and value of its `match`; empty when it has none. */
  key: string;
  run_id: string;
  step: string;
}
