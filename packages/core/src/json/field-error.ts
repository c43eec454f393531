import { type FieldError, HoldpointError } from "../error.ts";
import { fieldName, pointerPath } from "./pointer.ts";

/** Fields named in a message; the rest is in the details. */
const namedFields = 3;
/** Entries in an error's details. */
const listedFields = 50;

/**
 * An `invalid_request` that names the fields.
 *
 * @param what stands for a field's name where the whole input is wrong, and before an index into it
 */
export function invalidRequest(errors: FieldError[], what = "request"): HoldpointError {
  return new HoldpointError("invalid_request", `${sentence(errors, what)}.`, details(errors));
}

/** An `invalid_args` that names the fields of edited arguments or of an answer. */
export function invalidArgs(errors: FieldError[], what = "args"): HoldpointError {
  return new HoldpointError("invalid_args", `${sentence(errors, what)}.`, details(errors));
}

/** The same errors, in a value that lies under `pointer`. */
export function under(pointer: string, errors: FieldError[]): FieldError[] {
  return errors.map((error) => ({ ...error, pointer: pointer + error.pointer }));
}

function sentence(errors: FieldError[], what: string): string {
  const named = errors.slice(0, namedFields).map((e) => `${nameOf(e.pointer, what)}: ${e.message}`);
  const more = errors.length > namedFields ? [`and ${errors.length - namedFields} more`] : [];
  return [...named, ...more].join("; ");
}

function nameOf(pointer: string, what: string): string {
  const name = fieldName(pointerPath(pointer));
  return name === "" || name.startsWith("[") ? `${what}${name}` : name;
}

function details(errors: FieldError[]): { pointer: string; message: string }[] {
  return errors.slice(0, listedFields).map(({ pointer, message }) => ({ pointer, message }));
}
