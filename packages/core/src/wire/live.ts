import * as z from "zod";
import { type Approval, approvalSchema } from "../approval/approval.ts";
import type { Counts } from "../approval/counts.ts";
import { instant, type ShapeOf } from "../json/field.ts";
import { type EventType, eventTypeSchema } from "../log/event.ts";
import { type Viewer, viewerSchema } from "../viewer.ts";
import { countsSchema } from "./counts-schema.ts";

/**
 * The last of the events that concern an approval in the range that is sent, with the approval as it stands when sent
 * (so possibly newer than `seq`).
 */
export interface Change {
  seq: number;
  type: EventType;
  approval: Approval;
}

/**
 * An approval that is out of sight: its reviewers were changed. Of the row that a viewer holds nothing is left, unless it
 * came by another stream in this `version` or a later one.
 */
export interface Gone {
  seq: number;
  approvalId: string;
  version: number;
}

/**
 * Changes of one stream (a visibility class: tenant-wide, a group, a person), covering the tenant's events after `from`
 * up to and including `to`. Apply when `from <= position < to`; drop when `to <= position`; otherwise subscribe again.
 */
export interface ChangesFrame {
  stream: string;
  from: number;
  to: number;
  changes: Change[];
  /** What this stream carries no longer. */
  gone?: Gone[];
}

/** Positions of the streams the viewer is in; sent every 15 s so that a lost last frame shows. */
export interface Head {
  /** Opaque; resume from here. */
  cursor: string;
  streams: Record<string, number>;
  /** The server's clock, ISO 8601. */
  now: string;
}

/** Answer to `subscribe` and `GET /changes`: who the server takes the caller for, and the state or what came since. */
export type Subscription = Head & { viewer: Viewer } & (
    | { snapshot: { approvals: Approval[]; counts: Counts; nextCursor?: string } }
    | { changes: Change[]; gone?: Gone[]; counts: Counts; more?: boolean }
  );

/** Why the server ends or resets a live connection. */
export type LiveNotice = { reason: "expired" | "revoked" | "stale" | "shutdown" };

/** What the server emits on the live socket. */
export interface ServerToClient {
  changes: (frame: ChangesFrame) => void;
  head: (head: Head) => void;
  /** `stale`: subscribe again; the others are followed by a disconnect. */
  notice: (notice: LiveNotice) => void;
}

/** What a client may emit: reads only. Decisions go over HTTP. */
export interface ClientToServer {
  subscribe: (
    request: { cursor?: string },
    ack: (answer: Subscription | { error: { code: string; message: string } }) => void,
  ) => void;
}

const changeSchema: z.ZodType<Change> = z.object({
  seq: z.int().min(1),
  type: eventTypeSchema,
  approval: approvalSchema,
} satisfies ShapeOf<Change>);

const goneSchema: z.ZodType<Gone> = z.object({
  seq: z.int().min(1),
  approvalId: z.string(),
  version: z.int().min(1),
} satisfies ShapeOf<Gone>);

const headShape = {
  cursor: z.string(),
  streams: z.record(z.string(), z.int()),
  now: instant,
} satisfies ShapeOf<Head>;

const snapshotSchema = z.object({
  approvals: z.array(approvalSchema),
  counts: countsSchema,
  nextCursor: z.string().optional(),
});

/** Wire form of {@link Subscription}. */
export const subscriptionSchema: z.ZodType<Subscription> = z.union([
  z.object({ ...headShape, viewer: viewerSchema, snapshot: snapshotSchema }),
  z.object({
    ...headShape,
    viewer: viewerSchema,
    changes: z.array(changeSchema),
    gone: z.array(goneSchema).optional(),
    counts: countsSchema,
    more: z.boolean().optional(),
  }),
]);
