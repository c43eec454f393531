import * as z from "zod";
import { json, name, type ShapeOf, webUrl } from "../json/field.ts";
import type { Json } from "../json/json.ts";

/** A requester: an agent, a person or a service. */
export interface Requester {
  id: string;
  name?: string;
  kind: "agent" | "user" | "service";
}

/** Where a request comes from. */
export interface Source {
  engine: string;
  workflow?: string;
  runId?: string;
  gate?: string;
  /** http(s) only. */
  url?: string;
  /** What the engine's resumer finds the waiting thing by; reviewers may see it, so nothing secret. */
  ref?: Json;
}

/** Wire form of {@link Requester}. */
export const requesterSchema: z.ZodType<Requester> = z.strictObject({
  id: name(),
  name: name().optional(),
  kind: z.enum(["agent", "user", "service"]),
} satisfies ShapeOf<Requester>);

/** Wire form of {@link Source}. */
export const sourceSchema: z.ZodType<Source> = z.strictObject({
  engine: name(),
  workflow: name().optional(),
  runId: name().optional(),
  // A step's name, with its number.
  gate: name(220).optional(),
  url: webUrl.optional(),
  ref: json.optional(),
} satisfies ShapeOf<Source>);
