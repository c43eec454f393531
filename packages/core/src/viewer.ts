import * as z from "zod";
import { instant, name, type ShapeOf } from "./json/field.ts";

/** Someone as others may see them. */
export interface Person {
  id: string;
  name?: string;
}

/** Wire form of {@link Person}. */
export const personSchema: z.ZodType<Person> = z.object({
  id: name(),
  name: name().optional(),
} satisfies ShapeOf<Person>);

/**
 * What a viewer may do: a requester creates, cancels and reads its own approvals; a reviewer does that too and decides
 * what is addressed to them; an auditor reads all; an admin may do everything but approve their own request.
 */
export type Role = (typeof roles)[number];

/** Every role. */
export const roles = ["reviewer", "requester", "auditor", "admin"] as const;

/** Who is calling, as the host's `authenticate` says. Everything a viewer reaches lies within its tenant. */
export interface Viewer {
  /** Unique within the tenant; what `users` of a stage list. */
  id: string;
  /** For people to read. */
  name?: string;
  /** The customer of the host whom the viewer belongs to; any one value where there is only one. */
  tenantId: string;
  /** The groups that the viewer is in, as stages name them: they decide what the viewer may decide. */
  groups: string[];
  role: Role;
  /** Default `user`; API keys are services. */
  kind?: "user" | "service";
  /** When the credentials end (ISO 8601); live connections are closed then. */
  expiresAt?: string;
}

/** Wire form of {@link Viewer}. */
export const viewerSchema: z.ZodType<Viewer> = z.object({
  id: name(),
  name: name().optional(),
  tenantId: name(),
  groups: z.array(name()),
  role: z.enum(roles),
  kind: z.enum(["user", "service"]).optional(),
  expiresAt: instant.optional(),
} satisfies ShapeOf<Viewer>);
