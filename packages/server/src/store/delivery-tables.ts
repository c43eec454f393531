/** Tables of what leaves the house. */
export interface DeliveryTables {
  deliveries: DeliveriesTable;
  approval_groups: ApprovalGroupsTable;
  approval_group_members: ApprovalGroupMembersTable;
}

/** The outbox: one row per notification or outcome to be delivered. */
export interface DeliveriesTable {
  /** Sortable by time; the id under which receivers deduplicate. */
  id: string;
  tenant_id: string;
  kind: "notification" | "resume";
  /** A notification's cause; `resolved` for a resume. */
  cause: string;
  /** Absent from a run's notice. */
  approval_id: string | null;
  run_id: string | null;
  /** The channel's name, or the resumer's engine. */
  channel: string;
  /** As JSON. */
  destination: string | null;
  /** Deliveries of one lane are made one after the other, by `position`, then `id`. */
  lane: string;
  /** The approval's version that it carries. */
  position: number;
  /** JSON of what can't be read from the approval when it is sent: a notice, the members of a group. */
  body: string | null;
  status: "pending" | "delivered" | "parked" | "dropped";
  /** Times that it was tried since it was queued, or queued again. */
  attempts: number;
  /** Times that it was tried before it was last queued again, and that a sender was stopped while it tried. */
  earlier_attempts: number;
  /** Counts claims, so that a sender that has lost its lease is noticed. */
  claim: number;
  /** 1 while a sender has it, or had it and died. */
  in_flight: number;
  /** When to try it next; while it is being tried, when others may take it over. Null once it is finished. */
  due_at: string | null;
  /** Why the last attempt failed. */
  error: string | null;
  /** JSON of what the channel returned. */
  ref: string | null;
  created_at: string;
  finished_at: string | null;
  /** When the row may be removed; null as long as somebody may need it. */
  expires_at: string | null;
}

/** Approvals whose outcomes are delivered together: how many there are, and how many still wait for people. */
export interface ApprovalGroupsTable {
  tenant_id: string;
  engine: string;
  /** The owner's id and the key that they gave, as canonical JSON. */
  key: string;
  /** Members that there will be; null when nobody has said. */
  size: number | null;
  members: number;
  pending: number;
  /** Times that outcomes were handed to delivery. */
  rounds: number;
}

/** A member of a group whose outcome hasn't been handed to delivery yet. */
export interface ApprovalGroupMembersTable {
  tenant_id: string;
  engine: string;
  /** The owner's id and the key that they gave, as canonical JSON. */
  key: string;
  approval_id: string;
}
