"use client";
import { createContext, useContext, useEffect, useId, useState } from "react";

/** Parts of a card that are still folded, by id. */
export interface Folds {
  /** Returns how to take it out again. */
  add(id: string): () => void;
  count(): number;
}

/** Counts what is folded. */
export function createFolds(): Folds {
  const ids = new Set<string>();
  return {
    add: (id) => {
      ids.add(id);
      return () => void ids.delete(id);
    },
    count: () => ids.size,
  };
}

/** The folds of the card around. */
export const FoldsContext = createContext<Folds | undefined>(undefined);

/** Whether something with hidden parts is folded now, and how to unfold it. The card around knows of it until then. */
export function useFold(hidden: number): { folded: boolean; unfold: () => void } {
  const id = useId();
  const folds = useContext(FoldsContext);
  const [open, setOpen] = useState(false);
  const folded = hidden > 0 && !open;
  useEffect(() => (folded ? folds?.add(id) : undefined), [folded, folds, id]);
  return { folded, unfold: () => setOpen(true) };
}
