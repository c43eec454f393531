import * as z from "zod";
import { instant, json, type ShapeOf } from "../json/field.ts";
import type { Json } from "../json/json.ts";
import { type Person, personSchema } from "../viewer.ts";

/** Every {@link EventType}. */
export const eventTypes = [
  "approval.requested",
  "decision.recorded",
  "approval.revised",
  "approval.stage_opened",
  "approval.reminded",
  "approval.escalated",
  "approval.reassigned",
  "approval.claimed",
  "approval.released",
  "approval.commented",
  "approval.consumed",
  "approval.resolved",
  "approval.delivered",
  "approval.delivery_failed",
  "grant.given",
  "grant.revoked",
  "run.created",
  "run.completed",
  "run.failed",
  "run.rejected",
  "run.timed_out",
  "run.cancelled",
  "run.retried",
  "event.received",
] as const;

/** What the log records. */
export type EventType = (typeof eventTypes)[number];

/** An event before the log has given it a place: what happened, to what, by whom. */
export interface NewEvent {
  type: EventType;
  approvalId?: string;
  runId?: string;
  /** Absent when no person was behind it. */
  actor?: Person;
  data: Json;
  /** ISO 8601. */
  at: string;
}

/** One row of the append-only log. */
export interface LogEvent extends NewEvent {
  tenantId: string;
  /** Contiguous per tenant, from 1. */
  seq: number;
  /** `hash` of the tenant's row before this one; 64 zeros for the first. */
  prevHash: string;
  /** SHA-256 (hex) over the canonical JSON of this row without `hash`. */
  hash: string;
}

/** Wire form of {@link EventType}. */
export const eventTypeSchema: z.ZodType<EventType> = z.enum(eventTypes);

/** Wire form of {@link LogEvent}. */
export const logEventSchema: z.ZodType<LogEvent> = z.object({
  tenantId: z.string(),
  seq: z.int().min(1),
  type: eventTypeSchema,
  approvalId: z.string().optional(),
  runId: z.string().optional(),
  actor: personSchema.optional(),
  data: json,
  at: instant,
  prevHash: z.string(),
  hash: z.string(),
} satisfies ShapeOf<LogEvent>);
