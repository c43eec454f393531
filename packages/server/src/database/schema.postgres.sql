create table api_keys (
  id text collate "C" not null,
  tenant_id text collate "C" not null,
  hash text collate "C" not null,
  name text collate "C" not null,
  role text collate "C" not null,
  groups text collate "C" not null,
  owner_id text collate "C",
  created_at text collate "C" not null,
  revoked_at text collate "C",
  constraint api_keys_hash_key UNIQUE (hash),
  constraint api_keys_pkey PRIMARY KEY (id)
);

CREATE INDEX api_keys_tenant ON holdpoint.api_keys USING btree (tenant_id, id);

create table approval_audience (
  tenant_id text collate "C" not null,
  subject text collate "C" not null,
  pending bigint not null,
  approval_id text collate "C" not null,
  part text collate "C" not null,
  risk text collate "C" not null,
  constraint approval_audience_pk PRIMARY KEY (tenant_id, subject, pending, approval_id)
);

create table approval_group_members (
  tenant_id text collate "C" not null,
  engine text collate "C" not null,
  key text collate "C" not null,
  approval_id text collate "C" not null,
  constraint approval_group_members_pk PRIMARY KEY (tenant_id, engine, key, approval_id)
);

create table approval_groups (
  tenant_id text collate "C" not null,
  engine text collate "C" not null,
  key text collate "C" not null,
  size bigint,
  members bigint not null,
  pending bigint not null,
  rounds bigint not null,
  constraint approval_groups_pk PRIMARY KEY (tenant_id, engine, key)
);

create table approvals (
  tenant_id text collate "C" not null,
  id text collate "C" not null,
  key text collate "C",
  request_hash text collate "C",
  kind text collate "C" not null,
  status text collate "C" not null,
  risk text collate "C" not null,
  engine text collate "C",
  workflow text collate "C",
  run_id text collate "C",
  version bigint not null,
  updated_at text collate "C" not null,
  deadline_at text collate "C" not null,
  due_at text collate "C",
  tags text collate "C" not null,
  search_text text collate "C" not null,
  body text collate "C" not null,
  claim_until text collate "C",
  constraint approvals_pk PRIMARY KEY (tenant_id, id)
);

CREATE INDEX approvals_claim ON holdpoint.approvals USING btree (claim_until, id) WHERE (claim_until IS NOT NULL);

CREATE INDEX approvals_deadline ON holdpoint.approvals USING btree (tenant_id, deadline_at, id) WHERE (status = 'pending'::text);

CREATE INDEX approvals_due ON holdpoint.approvals USING btree (due_at, id) WHERE (due_at IS NOT NULL);

CREATE INDEX approvals_ended ON holdpoint.approvals USING btree (tenant_id, updated_at, id) WHERE (status <> 'pending'::text);

CREATE UNIQUE INDEX approvals_key ON holdpoint.approvals USING btree (tenant_id, key) WHERE (key IS NOT NULL);

CREATE INDEX approvals_oldest ON holdpoint.approvals USING btree (id) WHERE (status = 'pending'::text);

CREATE INDEX approvals_pending ON holdpoint.approvals USING btree (tenant_id, id, risk) WHERE (status = 'pending'::text);

CREATE INDEX approvals_run ON holdpoint.approvals USING btree (tenant_id, run_id, id) WHERE (run_id IS NOT NULL);

CREATE INDEX approvals_updated ON holdpoint.approvals USING btree (tenant_id, updated_at, id) WHERE (status = 'pending'::text);

create table deliveries (
  id text collate "C" not null,
  tenant_id text collate "C" not null,
  kind text collate "C" not null,
  cause text collate "C" not null,
  approval_id text collate "C",
  run_id text collate "C",
  channel text collate "C" not null,
  destination text collate "C",
  lane text collate "C" not null,
  position bigint not null,
  body text collate "C",
  status text collate "C" not null,
  attempts bigint not null,
  claim bigint not null,
  due_at text collate "C",
  error text collate "C",
  ref text collate "C",
  created_at text collate "C" not null,
  finished_at text collate "C",
  expires_at text collate "C",
  earlier_attempts bigint not null,
  in_flight bigint not null,
  constraint deliveries_pkey PRIMARY KEY (id)
);

CREATE INDEX deliveries_approval ON holdpoint.deliveries USING btree (tenant_id, approval_id, id) WHERE (approval_id IS NOT NULL);

CREATE INDEX deliveries_due ON holdpoint.deliveries USING btree (due_at, id) WHERE (due_at IS NOT NULL);

CREATE INDEX deliveries_expiry ON holdpoint.deliveries USING btree (expires_at, id) WHERE (expires_at IS NOT NULL);

CREATE UNIQUE INDEX deliveries_lane ON holdpoint.deliveries USING btree (lane, "position", cause);

CREATE INDEX deliveries_open ON holdpoint.deliveries USING btree (status, channel) WHERE (status = ANY (ARRAY['pending'::text, 'parked'::text]));

CREATE INDEX deliveries_status ON holdpoint.deliveries USING btree (tenant_id, status, id);

CREATE INDEX deliveries_tenant ON holdpoint.deliveries USING btree (tenant_id, id);

create table event_names (
  tenant_id text collate "C" not null,
  name text collate "C" not null,
  paths text collate "C" not null,
  constraint event_names_pk PRIMARY KEY (tenant_id, name)
);

create table event_waits (
  tenant_id text collate "C" not null,
  name text collate "C" not null,
  key text collate "C" not null,
  run_id text collate "C" not null,
  step text collate "C" not null,
  constraint event_waits_pk PRIMARY KEY (tenant_id, name, key, run_id, step)
);

CREATE INDEX event_waits_run ON holdpoint.event_waits USING btree (run_id, step);

create table events (
  tenant_id text collate "C" not null,
  seq bigint not null,
  type text collate "C" not null,
  approval_id text collate "C",
  run_id text collate "C",
  actor text collate "C",
  data text collate "C" not null,
  at text collate "C" not null,
  prev_hash text collate "C" not null,
  hash text collate "C" not null,
  constraint events_pk PRIMARY KEY (tenant_id, seq)
);

CREATE INDEX events_approval ON holdpoint.events USING btree (tenant_id, approval_id, seq) WHERE (approval_id IS NOT NULL);

CREATE INDEX events_run ON holdpoint.events USING btree (tenant_id, run_id, seq) WHERE (run_id IS NOT NULL);

create table grants (
  tenant_id text collate "C" not null,
  id text collate "C" not null,
  scope text collate "C" not null,
  by_id text collate "C" not null,
  uses bigint not null,
  max_uses bigint,
  expires_at text collate "C" not null,
  revoked_at text collate "C",
  revoked_by text collate "C",
  body text collate "C" not null,
  constraint grants_pk PRIMARY KEY (tenant_id, id)
);

CREATE INDEX grants_by ON holdpoint.grants USING btree (tenant_id, by_id, id);

CREATE INDEX grants_expiry ON holdpoint.grants USING btree (expires_at);

CREATE INDEX grants_scope ON holdpoint.grants USING btree (tenant_id, scope, expires_at);

create table holdpoint_migrations (
  name text collate "C" not null,
  at text collate "C" not null,
  constraint holdpoint_migrations_pkey PRIMARY KEY (name)
);

create table response_keys (
  tenant_id text collate "C" not null,
  approval_id text collate "C" not null,
  person_id text collate "C" not null,
  key text collate "C" not null,
  request_hash text collate "C" not null,
  at text collate "C" not null,
  constraint response_keys_pk PRIMARY KEY (tenant_id, approval_id, person_id, key)
);

create table runs (
  id text collate "C" not null,
  tenant_id text collate "C" not null,
  key text collate "C",
  request_hash text collate "C",
  workflow text collate "C" not null,
  version bigint not null,
  status text collate "C" not null,
  input text collate "C" not null,
  output text collate "C",
  error text collate "C",
  owner_id text collate "C",
  owner_name text collate "C",
  settled bigint not null,
  claim bigint not null,
  worker text collate "C",
  lease_until text collate "C",
  wake_at text collate "C",
  created_at text collate "C" not null,
  updated_at text collate "C" not null,
  finished_at text collate "C",
  parent_run_id text collate "C",
  parent_step text collate "C",
  depth bigint not null,
  outcome text collate "C",
  recoveries bigint not null,
  constraint runs_pkey PRIMARY KEY (id)
);

CREATE UNIQUE INDEX runs_key ON holdpoint.runs USING btree (tenant_id, key) WHERE (key IS NOT NULL);

CREATE INDEX runs_lease ON holdpoint.runs USING btree (lease_until, id) WHERE (lease_until IS NOT NULL);

CREATE INDEX runs_owner ON holdpoint.runs USING btree (tenant_id, owner_id, status, id);

CREATE INDEX runs_parent ON holdpoint.runs USING btree (parent_run_id, id) WHERE (parent_run_id IS NOT NULL);

CREATE INDEX runs_queue ON holdpoint.runs USING btree (status, id) WHERE (status = ANY (ARRAY['queued'::text, 'stranded'::text]));

CREATE INDEX runs_status ON holdpoint.runs USING btree (tenant_id, status, id);

CREATE INDEX runs_wake ON holdpoint.runs USING btree (wake_at, id) WHERE (wake_at IS NOT NULL);

CREATE INDEX runs_workflow ON holdpoint.runs USING btree (tenant_id, workflow, status, id);

create table sent_event_keys (
  tenant_id text collate "C" not null,
  name text collate "C" not null,
  key text collate "C" not null,
  seq bigint not null,
  constraint sent_event_keys_pk PRIMARY KEY (tenant_id, name, key, seq)
);

CREATE INDEX sent_event_keys_seq ON holdpoint.sent_event_keys USING btree (tenant_id, seq);

create table sent_events (
  tenant_id text collate "C" not null,
  seq bigint not null,
  id text collate "C" not null,
  request_hash text collate "C" not null,
  name text collate "C" not null,
  data text collate "C" not null,
  at text collate "C" not null,
  constraint sent_events_pk PRIMARY KEY (tenant_id, seq)
);

CREATE INDEX sent_events_at ON holdpoint.sent_events USING btree (at, tenant_id, seq);

CREATE UNIQUE INDEX sent_events_id ON holdpoint.sent_events USING btree (tenant_id, id);

CREATE INDEX sent_events_name ON holdpoint.sent_events USING btree (tenant_id, name, seq);

create table steps (
  run_id text collate "C" not null,
  name text collate "C" not null,
  position bigint not null,
  kind text collate "C" not null,
  status text collate "C" not null,
  output text collate "C",
  error text collate "C",
  attempts bigint not null,
  approval_id text collate "C",
  wake_at text collate "C",
  started_at text collate "C" not null,
  finished_at text collate "C",
  settled bigint,
  event text collate "C",
  event_seq bigint,
  child_run_id text collate "C",
  turn bigint,
  constraint steps_pk PRIMARY KEY (run_id, name)
);

create table tenants (
  id text collate "C" not null,
  seq bigint not null,
  hash text collate "C" not null,
  constraint tenants_pkey PRIMARY KEY (id)
);
