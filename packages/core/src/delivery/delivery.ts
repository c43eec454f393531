import * as z from "zod";
import { cursorField, limitField } from "../approval/approval-query.ts";
import { instant, listOf, name, type ShapeOf } from "../json/field.ts";
import { type Destination, destinationSchema } from "./destination.ts";
import { type NotificationCause, notificationCauses } from "./notification.ts";

/**
 * Where a delivery stands: to be sent (again), sent, given up until somebody sends it again, or dropped because there was
 * nothing left to tell.
 */
export type DeliveryStatus = "pending" | "delivered" | "parked" | "dropped";

/** Every {@link DeliveryStatus}. */
export const deliveryStatuses = ["pending", "delivered", "parked", "dropped"] as const satisfies DeliveryStatus[];

/** One entry of the outbox: people to be told, or an outcome to be handed to what waits for it. */
export interface Delivery {
  /** `dlv_` + 26 characters; receivers get it with every attempt. */
  id: string;
  tenantId: string;
  kind: "notification" | "resume";
  cause: NotificationCause;
  approvalId?: string;
  runId?: string;
  /** The channel's name, or the engine that is resumed. */
  channel: string;
  destination?: Destination;
  status: DeliveryStatus;
  /** Times that it was tried since it was queued, or queued again. */
  attempts: number;
  /** Why the last attempt failed. */
  error?: string;
  nextAttemptAt?: string;
  createdAt: string;
  finishedAt?: string;
}

/** Which deliveries to list, newest first. */
export interface DeliveryQuery {
  status?: DeliveryStatus[];
  approvalId?: string;
  channel?: string;
  /** 1 to 200, default 50. */
  limit?: number;
  cursor?: string;
}

const statusSchema = z.enum(deliveryStatuses);

/** Wire form of {@link Delivery}. */
export const deliverySchema: z.ZodType<Delivery> = z.object({
  id: z.string(),
  tenantId: z.string(),
  kind: z.enum(["notification", "resume"]),
  cause: z.enum(notificationCauses),
  approvalId: z.string().optional(),
  runId: z.string().optional(),
  channel: z.string(),
  destination: destinationSchema.optional(),
  status: statusSchema,
  attempts: z.int().min(0),
  error: z.string().optional(),
  nextAttemptAt: instant.optional(),
  createdAt: instant,
  finishedAt: instant.optional(),
} satisfies ShapeOf<Delivery>);

/** Wire form of {@link DeliveryQuery}; takes the values of a query string too. */
export const deliveryQuerySchema: z.ZodType<DeliveryQuery> = z.strictObject({
  status: listOf(statusSchema).optional(),
  approvalId: name().optional(),
  channel: name().optional(),
  limit: limitField,
  cursor: cursorField,
} satisfies ShapeOf<DeliveryQuery>);
