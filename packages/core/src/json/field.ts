import * as z from "zod";
import { durationProblem, isDuration } from "../time/duration.ts";
import type { Json, JsonSchema } from "./json.ts";

/**
 * The shape of an object schema with an entry for every field of `T`, optional ones too: a field that is added to an
 * interface and forgotten in its schema fails to compile, and the other way round.
 */
export type ShapeOf<T> = { [K in keyof Required<T>]: z.ZodType<T[K]> };

/** Text that may be empty. */
export const text = (max: number): z.ZodString => z.string().max(max);

/** Text with something to read in it. */
export const phrase = (max: number): z.ZodString => z.string().min(1).max(max).regex(/\S/, "must not be blank");

/** An id or name from outside: one line, no surrounding space. */
export const name = (max = 200): z.ZodString =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$/u, "must be one line without surrounding spaces");

/** Any JSON value; {@link parse} has checked that it is JSON. */
export const json: z.ZodType<Json> = z.custom<Json>((value) => value !== undefined, "is required");

/** A JSON Schema; whether it can be used is checked where an approval is created. */
export const jsonSchema: z.ZodType<JsonSchema> = z.custom<JsonSchema>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "must be a JSON Schema object",
);

/** A length of time; see {@link Duration}. */
export const duration: z.ZodType<string> = z
  .string()
  .max(40)
  .refine(isDuration, { error: ({ input }) => durationProblem(input) });

/** A SHA-256 as 64 hex digits. */
export const digest: z.ZodString = z.string().regex(/^[0-9a-f]{64}$/, "must be a digest, 64 hex digits");

/** A moment, ISO 8601 in UTC. */
export const instant: z.ZodType<string> = z.iso.datetime();

/** An absolute http or https address. */
export const webUrl: z.ZodType<string> = z
  .string()
  .max(2_000)
  .refine((url) => /^https?:\/\//i.test(url) && URL.canParse(url), "must be an http or https URL");

/** A whole number that may come as text, as in a query string. */
export const wholeNumber = (min: number, max: number): z.ZodType<number> =>
  z.preprocess(
    (value) => (typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );

/** Values that may come as an array, repeated, or as one comma list, as in a query string. */
export const listOf = <T>(item: z.ZodType<T>): z.ZodType<T[]> =>
  z.preprocess((value) => (typeof value === "string" ? value.split(",") : value), z.array(item).min(1).max(20));
