import type { FieldError, Json, JsonSchema } from "@holdpoint/core";

/** What a form is given, whether drawn from a schema or as JSON text. */
export interface EditorFormProps {
  /** Id of the `<form>`: a submit button elsewhere names it. */
  id: string;
  schema: JsonSchema;
  /** Undefined for an answer that nobody has begun. */
  value: Json | undefined;
  /** The value as JSON text that can't be read yet, ahead of `value`. */
  json?: string;
  /** What the server found wrong, by JSON pointer into the value. */
  errors: readonly FieldError[];
  /** Whether a response with this value is under way, so that it can't be changed. */
  busy?: boolean;
  /** Whether the schema's defaults are filled in; left off for arguments, which stay what they are. */
  defaults?: boolean;
  onChange: (value: Json | undefined) => void;
  /** Called while JSON is written that can't be read yet; what is written once it can goes to `onChange`. */
  onJson?: (json: string) => void;
  /** Called with a value that satisfies the schema. */
  onSubmit: (value: Json) => void;
}
