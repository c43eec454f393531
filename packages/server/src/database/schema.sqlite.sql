CREATE TABLE "api_keys" (
  "id" text not null primary key,
  "tenant_id" text not null,
  "hash" text not null unique,
  "name" text not null,
  "role" text not null,
  "groups" text not null,
  "owner_id" text,
  "created_at" text not null,
  "revoked_at" text
);

CREATE INDEX "api_keys_tenant" on "api_keys" ("tenant_id", "id");

CREATE TABLE "approval_audience" (
  "tenant_id" text not null,
  "subject" text not null,
  "pending" integer not null,
  "approval_id" text not null,
  "part" text not null,
  "risk" text not null,
  constraint "approval_audience_pk" primary key ("tenant_id", "subject", "pending", "approval_id")
) without rowid;

CREATE TABLE "approval_group_members" (
  "tenant_id" text not null,
  "engine" text not null,
  "key" text not null,
  "approval_id" text not null,
  constraint "approval_group_members_pk" primary key ("tenant_id", "engine", "key", "approval_id")
) without rowid;

CREATE TABLE "approval_groups" (
  "tenant_id" text not null,
  "engine" text not null,
  "key" text not null,
  "size" integer,
  "members" integer not null,
  "pending" integer not null,
  "rounds" integer not null,
  constraint "approval_groups_pk" primary key ("tenant_id", "engine", "key")
) without rowid;

CREATE TABLE "approvals" (
  "tenant_id" text not null,
  "id" text not null,
  "key" text,
  "request_hash" text,
  "kind" text not null,
  "status" text not null,
  "risk" text not null,
  "engine" text,
  "workflow" text,
  "run_id" text,
  "version" integer not null,
  "updated_at" text not null,
  "deadline_at" text not null,
  "due_at" text,
  "tags" text not null,
  "search_text" text not null,
  "body" text not null,
  "claim_until" text,
  constraint "approvals_pk" primary key ("tenant_id", "id")
);

CREATE INDEX "approvals_claim" on "approvals" ("claim_until", "id") where claim_until is not null;

CREATE INDEX "approvals_deadline" on "approvals" ("tenant_id", "deadline_at", "id") where status = 'pending';

CREATE INDEX "approvals_due" on "approvals" ("due_at", "id") where due_at is not null;

CREATE INDEX "approvals_ended" on "approvals" ("tenant_id", "updated_at", "id") where status <> 'pending';

CREATE UNIQUE INDEX "approvals_key" on "approvals" ("tenant_id", "key") where key is not null;

CREATE INDEX "approvals_oldest" on "approvals" ("id") where status = 'pending';

CREATE INDEX "approvals_pending" on "approvals" ("tenant_id", "id", "risk") where status = 'pending';

CREATE INDEX "approvals_run" on "approvals" ("tenant_id", "run_id", "id") where run_id is not null;

CREATE INDEX "approvals_updated" on "approvals" ("tenant_id", "updated_at", "id") where status = 'pending';

CREATE TABLE "deliveries" (
  "id" text not null primary key,
  "tenant_id" text not null,
  "kind" text not null,
  "cause" text not null,
  "approval_id" text,
  "run_id" text,
  "channel" text not null,
  "destination" text,
  "lane" text not null,
  "position" integer not null,
  "body" text,
  "status" text not null,
  "attempts" integer not null,
  "claim" integer not null,
  "due_at" text,
  "error" text,
  "ref" text,
  "created_at" text not null,
  "finished_at" text,
  "expires_at" text,
  "earlier_attempts" integer default 0 not null,
  "in_flight" integer default 0 not null
) without rowid;

CREATE INDEX "deliveries_approval" on "deliveries" ("tenant_id", "approval_id", "id") where approval_id is not null;

CREATE INDEX "deliveries_due" on "deliveries" ("due_at", "id") where due_at is not null;

CREATE INDEX "deliveries_expiry" on "deliveries" ("expires_at", "id") where expires_at is not null;

CREATE UNIQUE INDEX "deliveries_lane" on "deliveries" ("lane", "position", "cause");

CREATE INDEX "deliveries_open" on "deliveries" ("status", "channel") where status in ('pending', 'parked');

CREATE INDEX "deliveries_status" on "deliveries" ("tenant_id", "status", "id");

CREATE INDEX "deliveries_tenant" on "deliveries" ("tenant_id", "id");

CREATE TABLE "event_names" (
  "tenant_id" text not null,
  "name" text not null,
  "paths" text not null,
  constraint "event_names_pk" primary key ("tenant_id", "name")
) without rowid;

CREATE TABLE "event_waits" (
  "tenant_id" text not null,
  "name" text not null,
  "key" text not null,
  "run_id" text not null,
  "step" text not null,
  constraint "event_waits_pk" primary key ("tenant_id", "name", "key", "run_id", "step")
) without rowid;

CREATE INDEX "event_waits_run" on "event_waits" ("run_id", "step");

CREATE TRIGGER events_head after insert on events begin
      insert into tenants (id, seq, hash) values (new.tenant_id, new.seq, new.hash)
        on conflict (id) do update set seq = excluded.seq, hash = excluded.hash;
    end;

CREATE TABLE "events" (
  "tenant_id" text not null,
  "seq" integer not null,
  "type" text not null,
  "approval_id" text,
  "run_id" text,
  "actor" text,
  "data" text not null,
  "at" text not null,
  "prev_hash" text not null,
  "hash" text not null,
  constraint "events_pk" primary key ("tenant_id", "seq")
) without rowid;

CREATE INDEX "events_approval" on "events" ("tenant_id", "approval_id", "seq") where approval_id is not null;

CREATE INDEX "events_run" on "events" ("tenant_id", "run_id", "seq") where run_id is not null;

CREATE TABLE "grants" (
  "tenant_id" text not null,
  "id" text not null,
  "scope" text not null,
  "by_id" text not null,
  "uses" integer not null,
  "max_uses" integer,
  "expires_at" text not null,
  "revoked_at" text,
  "revoked_by" text,
  "body" text not null,
  constraint "grants_pk" primary key ("tenant_id", "id")
);

CREATE INDEX "grants_by" on "grants" ("tenant_id", "by_id", "id");

CREATE INDEX "grants_expiry" on "grants" ("expires_at");

CREATE INDEX "grants_scope" on "grants" ("tenant_id", "scope", "expires_at");

CREATE TABLE "holdpoint_migrations" (
  "name" text not null primary key,
  "at" text not null
);

CREATE TABLE "response_keys" (
  "tenant_id" text not null,
  "approval_id" text not null,
  "person_id" text not null,
  "key" text not null,
  "request_hash" text not null,
  "at" text not null,
  constraint "response_keys_pk" primary key ("tenant_id", "approval_id", "person_id", "key")
) without rowid;

CREATE TABLE "runs" (
  "id" text not null primary key,
  "tenant_id" text not null,
  "key" text,
  "request_hash" text,
  "workflow" text not null,
  "version" integer not null,
  "status" text not null,
  "input" text not null,
  "output" text,
  "error" text,
  "owner_id" text,
  "owner_name" text,
  "settled" integer not null,
  "claim" integer not null,
  "worker" text,
  "lease_until" text,
  "wake_at" text,
  "created_at" text not null,
  "updated_at" text not null,
  "finished_at" text,
  "parent_run_id" text,
  "parent_step" text,
  "depth" integer default 0 not null,
  "outcome" text,
  "recoveries" integer default 0 not null
) without rowid;

CREATE UNIQUE INDEX "runs_key" on "runs" ("tenant_id", "key") where key is not null;

CREATE INDEX "runs_lease" on "runs" ("lease_until", "id") where lease_until is not null;

CREATE INDEX "runs_owner" on "runs" ("tenant_id", "owner_id", "status", "id");

CREATE INDEX "runs_parent" on "runs" ("parent_run_id", "id") where parent_run_id is not null;

CREATE INDEX "runs_queue" on "runs" ("status", "id") where status in ('queued', 'stranded');

CREATE INDEX "runs_status" on "runs" ("tenant_id", "status", "id");

CREATE INDEX "runs_wake" on "runs" ("wake_at", "id") where wake_at is not null;

CREATE INDEX "runs_workflow" on "runs" ("tenant_id", "workflow", "status", "id");

CREATE TABLE "sent_event_keys" (
  "tenant_id" text not null,
  "name" text not null,
  "key" text not null,
  "seq" integer not null,
  constraint "sent_event_keys_pk" primary key ("tenant_id", "name", "key", "seq")
) without rowid;

CREATE INDEX "sent_event_keys_seq" on "sent_event_keys" ("tenant_id", "seq");

CREATE TABLE "sent_events" (
  "tenant_id" text not null,
  "seq" integer not null,
  "id" text not null,
  "request_hash" text not null,
  "name" text not null,
  "data" text not null,
  "at" text not null,
  constraint "sent_events_pk" primary key ("tenant_id", "seq")
) without rowid;

CREATE INDEX "sent_events_at" on "sent_events" ("at", "tenant_id", "seq");

CREATE UNIQUE INDEX "sent_events_id" on "sent_events" ("tenant_id", "id");

CREATE INDEX "sent_events_name" on "sent_events" ("tenant_id", "name", "seq");

CREATE TABLE "steps" (
  "run_id" text not null,
  "name" text not null,
  "position" integer not null,
  "kind" text not null,
  "status" text not null,
  "output" text,
  "error" text,
  "attempts" integer not null,
  "approval_id" text,
  "wake_at" text,
  "started_at" text not null,
  "finished_at" text,
  "settled" integer,
  "event" text,
  "event_seq" integer,
  "child_run_id" text,
  "turn" integer,
  constraint "steps_pk" primary key ("run_id", "name")
) without rowid;

CREATE TABLE "tenants" (
  "id" text not null primary key,
  "seq" integer not null,
  "hash" text not null
) without rowid;
