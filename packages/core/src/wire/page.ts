import * as z from "zod";

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Opaque; absent on the last page. */
  nextCursor?: string;
}

/** Entries of a page unless a query says otherwise. */
export const defaultLimit = 50;

/** Wire form of a {@link Page}. */
export function pageSchema<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}
