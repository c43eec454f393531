import type { HoldpointError } from "@holdpoint/core";
import { createContext, useContext } from "react";

/** Messages by input field. */
export type FieldErrors = Readonly<Record<string, string>>;

/** The errors of the form around. */
export const FieldErrorsContext = createContext<FieldErrors>({});

/** What the server said of a field's value, if anything. */
export function useFieldError(name: string): string | undefined {
  return useContext(FieldErrorsContext)[name];
}

/** The server's complaints by field; each `pointer` ends in the field's name (`/input/email`). */
export function fieldErrors({ fieldErrors: errors }: HoldpointError): FieldErrors {
  return Object.fromEntries(
    errors.map(({ pointer, message }) => [pointer.slice(pointer.lastIndexOf("/") + 1), message]),
  );
}
