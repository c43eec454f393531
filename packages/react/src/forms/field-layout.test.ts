import type { Json, JsonSchema } from "@holdpoint/core";
import { expect, test } from "vitest";
import { fieldLayout } from "./field-layout.ts";

const widget = (schema: JsonSchema, value?: Json) => fieldLayout(schema, value)["ui:widget"];

test("few choices are radios, many a select", () => {
  expect(widget({ type: "string", enum: ["eu", "us"] })).toBe("radio");
  expect(widget({ type: "integer", enum: [1, 2, 3, 4, 5, 6] })).toBe("select");
  expect(
    widget({
      oneOf: [
        { const: "a", title: "A" },
        { const: "b", title: "B" },
      ],
    }),
  ).toBe("radio");
});

test("several of a list of choices are checkboxes", () => {
  expect(widget({ type: "array", uniqueItems: true, items: { enum: ["a", "b"] } })).toBe("checkboxes");
  expect(widget({ type: "array", items: { type: "string" } })).toBeUndefined();
});

test("long text gets several lines, by its schema or by what it holds", () => {
  expect(widget({ type: "string", format: "textarea" })).toBe("textarea");
  expect(widget({ type: "string", maxLength: 5_000 })).toBe("textarea");
  expect(widget({ type: "string" }, "Hi Ana,\n\n...")).toBe("textarea");
  expect(widget({ type: "string" }, "Hi Ana")).toBeUndefined();
});

test("dates and addresses keep their own controls", () => {
  expect(widget({ type: "string", format: "date", maxLength: 5_000 })).toBeUndefined();
  expect(widget({ type: "string", format: "email" })).toBeUndefined();
});

test("fields are labelled by title or readable name, down to nested ones", () => {
  const layout = fieldLayout({
    properties: { dry_run: { type: "boolean" }, offer: { properties: { text: { title: "Offer text" } } } },
  });
  expect(layout).toMatchObject({
    dry_run: { "ui:title": "Dry run" },
    offer: { "ui:title": "Offer", text: { "ui:title": "Offer text" } },
  });
});
