import type { Json } from "../json/json.ts";
import type { Approval } from "./approval.ts";
import type { ContentBlock } from "./content-block.ts";

/** A labelled piece of what an approval is about, as plain text. */
export interface SummaryField {
  label?: string;
  text: string;
}

/** Characters of one field, and fields, that a summary has at most: what a chat message can hold. */
const maxText = 2_900;
const maxFields = 24;

/**
 * What is to be decided, as labelled plain text for a channel that can't show blocks: To, Subject and Body of a mail;
 * without content, the action's arguments. Long texts are cut off with "…": the review page has all of it.
 */
export function contentSummary({ content, action }: Pick<Approval, "content" | "action">): SummaryField[] {
  const fields = content.length > 0 ? content.flatMap(blockFields) : valueFields(action?.args);
  const shown = fields.slice(0, maxFields).map((field) => ({ ...field, text: cut(field.text) }));
  return fields.length > maxFields ? [...shown, { text: "…" }] : shown;
}

function blockFields(block: ContentBlock): SummaryField[] {
  const under = (label: string) => (block.title === undefined ? label : `${block.title}: ${label}`);
  switch (block.type) {
    case "text":
    case "markdown":
      return [field(block.title, block.text)];
    case "email":
      return [
        ...(block.from === undefined ? [] : [field(under("From"), block.from)]),
        field(under("To"), listed(block.to)),
        ...(block.cc === undefined ? [] : [field(under("Cc"), listed(block.cc))]),
        field(under("Subject"), block.subject),
        field(under("Body"), block.body),
      ];
    case "diff":
      return [field(under("Before"), block.before), field(under("After"), block.after)];
    case "table":
      return [field(block.title, [block.columns, ...block.rows].map((row) => row.map(plain).join(" | ")).join("\n"))];
    case "json":
      return [field(block.title, plain(block.value))];
    case "code":
      return [field(block.title, block.code)];
    case "image":
      return [field(block.title, block.alt)];
    case "link":
      return [field(block.title ?? block.label, block.url)];
  }
}

function valueFields(value: Json | undefined): SummaryField[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "object" || Array.isArray(value)) return [{ text: plain(value) }];
  return Object.entries(value).map(([label, entry]) => ({ label, text: plain(entry) }));
}

function field(label: string | undefined, text: string): SummaryField {
  return label === undefined ? { text } : { label, text };
}

function listed(addresses: string | string[]): string {
  return typeof addresses === "string" ? addresses : addresses.join(", ");
}

function plain(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Counts code points, so that no character is cut in two. */
function cut(text: string): string {
  if (text.length <= maxText) return text;
  return `${[...text.slice(0, 2 * maxText)].slice(0, maxText).join("")}…`;
}
