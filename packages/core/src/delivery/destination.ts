import * as z from "zod";
import { name, type ShapeOf } from "../json/field.ts";

/** An address that mail reaches. */
export interface EmailDestination {
  type: "email";
  email: string;
}

/** A place in Slack: a person, by mail address or user id, or a channel, there perhaps a thread. */
export type SlackDestination = { type: "slack"; threadId?: string } & (
  | { email: string }
  | { userId: string }
  | { channelId: string }
);

/** Where a notification is to arrive; served by the channel that is configured for its type. */
export type Destination = EmailDestination | SlackDestination;

const email = z.email("must be a mail address").max(320);
const slack = { type: z.literal("slack"), threadId: name().optional() };

/** Wire form of {@link Destination}. */
export const destinationSchema: z.ZodType<Destination> = z.union([
  z.strictObject({ type: z.literal("email"), email } satisfies ShapeOf<EmailDestination>),
  z.strictObject({ ...slack, email }),
  z.strictObject({ ...slack, userId: name() }),
  z.strictObject({ ...slack, channelId: name() }),
]);

/** Whom to tell outside the app. */
export interface Notify {
  /** Names of channels, as the server's options give them. */
  channels?: string[];
  destinations?: Destination[];
}

/** Fields of {@link Notify}. */
export const notifyShape = {
  channels: z.array(name()).max(20).optional(),
  destinations: z.array(destinationSchema).max(50).optional(),
} satisfies ShapeOf<Notify>;
