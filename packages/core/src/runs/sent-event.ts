import * as z from "zod";
import { instant, json, name, type ShapeOf } from "../json/field.ts";
import type { Json } from "../json/json.ts";

/** Something that happened outside, as runs that wait for it get it. Not to be confused with the rows of the log. */
export interface SentEvent<Data = Json> {
  /** The sender's, or one that we made: `evt_` + 26 characters. */
  id: string;
  /** What happened: `order.paid`. */
  name: string;
  data: Data;
  /** When it reached us, ISO 8601. */
  at: string;
}

/** What sending an event takes. */
export interface EventInput {
  name: string;
  /** Default null. */
  data?: Json;
  /** Sending again with the same id and the same body changes nothing. Unique in the tenant while it is remembered. */
  id?: string;
}

/** What a run waits for, as its step shows it. */
export interface AwaitedEvent {
  name: string;
  /** Values that the event must have, by path. */
  match?: { [path: string]: Json };
  /** An expression (CEL) that must be true. */
  if?: string;
}

/** Wire form of {@link SentEvent}. */
export const sentEventSchema: z.ZodType<SentEvent> = z.object({
  id: z.string(),
  name: z.string(),
  data: json,
  at: instant,
} satisfies ShapeOf<SentEvent>);

/** Wire form of {@link EventInput}. */
export const eventInputSchema: z.ZodType<EventInput> = z.strictObject({
  name: name(),
  data: json.optional(),
  id: name().optional(),
} satisfies ShapeOf<EventInput>);

/** Wire form of {@link AwaitedEvent}. */
export const awaitedEventSchema: z.ZodType<AwaitedEvent> = z.object({
  name: z.string(),
  match: z.record(z.string(), json).optional(),
  if: z.string().optional(),
} satisfies ShapeOf<AwaitedEvent>);
