export type { EditorFormProps } from "./editor-form-props.ts";
export { formValidator } from "./form-validator.ts";
export { inferredSchema } from "./inferred-schema.ts";
export { JsonForm, type JsonFormProps } from "./json-form.tsx";
export { default as SchemaForm } from "./schema-form.tsx";
