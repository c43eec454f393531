import * as z from "zod";
import { type ErrorBody, type ErrorCode, errorStatus } from "../error.ts";
import { json, type ShapeOf } from "../json/field.ts";

/** Wire form of {@link ErrorCode}. */
export const errorCodeSchema: z.ZodType<ErrorCode> = z.enum(Object.keys(errorStatus) as ErrorCode[]);

/** Wire form of {@link ErrorBody}. */
export const errorBodySchema: z.ZodType<ErrorBody> = z.object({
  error: z.object({
    code: errorCodeSchema,
    message: z.string(),
    details: json.optional(),
  } satisfies ShapeOf<ErrorBody["error"]>),
});
