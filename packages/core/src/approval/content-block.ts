import * as z from "zod";
import { json, name, text, webUrl } from "../json/field.ts";
import type { Json } from "../json/json.ts";

interface Titled {
  /** A heading above the block. */
  title?: string;
}

/** One thing that helps a reviewer to decide. All text is untrusted and is shown as text. */
export type ContentBlock = Titled &
  (
    | { type: "text" | "markdown"; text: string }
    | { type: "email"; from?: string; to: string | string[]; cc?: string | string[]; subject: string; body: string }
    | { type: "diff"; before: string; after: string }
    | { type: "table"; columns: string[]; rows: Json[][] }
    | { type: "json"; value: Json }
    | { type: "code"; code: string; language?: string }
    | { type: "image"; url: string; alt: string }
    | { type: "link"; url: string; label: string }
  );

/** Characters of one text in a block. */
const longText = text(100_000);
const title = text(200).optional();
const address = text(320);
const addresses = z.union([address, z.array(address).max(100)]);

/** Wire form of {@link ContentBlock}; addresses of links and images are http(s) only. */
export const contentBlockSchema: z.ZodType<ContentBlock> = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["text", "markdown"]), title, text: longText }),
  z.strictObject({
    type: z.literal("email"),
    title,
    from: address.optional(),
    to: addresses,
    cc: addresses.optional(),
    subject: text(1_000),
    body: longText,
  }),
  z.strictObject({ type: z.literal("diff"), title, before: longText, after: longText }),
  z.strictObject({
    type: z.literal("table"),
    title,
    columns: z.array(text(200)).min(1).max(50),
    rows: z.array(z.array(json).max(50)).max(1_000),
  }),
  z.strictObject({ type: z.literal("json"), title, value: json }),
  z.strictObject({ type: z.literal("code"), title, code: longText, language: name(40).optional() }),
  z.strictObject({ type: z.literal("image"), title, url: webUrl, alt: text(1_000) }),
  z.strictObject({ type: z.literal("link"), title, url: webUrl, label: text(500) }),
]);
