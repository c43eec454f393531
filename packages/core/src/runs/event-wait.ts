import * as z from "zod";
import { sameJson } from "../approval/approval-digest.ts";
import { HoldpointError } from "../error.ts";
import { duration, json, name, phrase, type ShapeOf } from "../json/field.ts";
import type { Json } from "../json/json.ts";
import type { Duration } from "../time/duration.ts";
import type { AwaitedEvent, SentEvent } from "./sent-event.ts";

/** Which event to wait for, and how long. */
export interface EventWait {
  /** The event's name: `order.paid`. */
  event: string;
  /**
   * Values that the event must have. As text, a path that must lead to the same value in the event and in what started
   * the run: `"data.orderId"` wants the event's `data.orderId` to be the input's `orderId`. As an object, paths in the
   * event and their values, for values that are known only inside the run: `{ "data.approvalId": id }`. Events are looked
   * up by these, so a `match` costs nothing however many runs wait.
   */
  match?: string | { [path: string]: Json };
  /**
   * An expression (CEL) that must be true, evaluated by the server: `async` is the event that came, `event` what started
   * the run, `input` is short for `event.data`: `"async.data.amount > 100 && async.data.to == event.data.to"`. A field
   * that isn't there makes it false. Without `matches`: patterns could be made to take for ever by who sends.
   */
  if?: string;
  /** How long to wait at most; then the result is null. */
  timeout?: Duration;
}

/** What started a run, in the form of an event, so that paths and expressions read it as they read one. */
export type Trigger = Pick<SentEvent, "id" | "name" | "data">;

const path = z
  .string()
  .max(200)
  .regex(/^data(?:\.[^.\s]+)*$/, 'must be a path into the data, such as "data.orderId"');

/** Wire form of {@link EventWait}. */
export const eventWaitSchema: z.ZodType<EventWait> = z.strictObject({
  event: name(),
  match: z.union([path, z.record(path, json)]).optional(),
  if: phrase(2_000).optional(),
  timeout: duration.optional(),
} satisfies ShapeOf<EventWait>);

/**
 * What a wait waits for once it is known what started the run: a `match` by path becomes the value at that path.
 *
 * @throws {HoldpointError} `invalid_request` naming `match` when the path leads nowhere
 */
export function awaitedEvent({ event, match, if: condition }: EventWait, trigger: Trigger): AwaitedEvent {
  const values = typeof match === "string" ? { [match]: sharedValue(match, trigger) } : match;
  return {
    name: event,
    ...(values && Object.keys(values).length > 0 && { match: values }),
    ...(condition !== undefined && { if: condition }),
  };
}

/** Whether an event has the name and the values that are waited for; `if` is not looked at. */
export function hasAwaitedValues({ name, match = {} }: AwaitedEvent, event: Pick<SentEvent, "name" | "data">): boolean {
  return (
    event.name === name &&
    Object.entries(match).every(([path, value]) => {
      const found = valueAt(event, path);
      return found !== undefined && sameJson(found, value);
    })
  );
}

/** The value that a path such as `data.order.id` or `data.lines.0` leads to; undefined when there is none. */
export function valueAt({ data }: Pick<SentEvent, "data">, path: string): Json | undefined {
  let value: Json | undefined = data;
  for (const key of path.split(".").slice(1)) {
    if (typeof value !== "object" || value === null || !Object.keys(value).includes(key)) return undefined;
    value = (value as { [key: string]: Json })[key];
  }
  return value;
}

function sharedValue(path: string, trigger: Trigger): Json {
  const value = valueAt(trigger, path);
  if (value !== undefined) return value;
  const message = `the run's input has nothing at ${path}; give the value itself: { "${path}": ... }`;
  throw new HoldpointError("invalid_request", `match: ${message}.`, [{ pointer: "/match", message }]);
}
