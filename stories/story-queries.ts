import type { StoryContext } from "@storybook/react-vite";

/** What a story's `canvas` can find. */
export type Canvas = StoryContext["canvas"];

/** The row whose text begins with `title`. */
export function rowOf(canvas: Canvas, title: string): HTMLElement {
  return canvas.getByRole("option", { name: new RegExp(`^${title}`) });
}

/** The root of the one card on the page. */
export function cardOf(canvas: Canvas): HTMLElement {
  return canvas.getByRole("article");
}

/** The root of the inbox around the list's toolbar. */
export function inboxOf(canvas: Canvas): HTMLElement {
  const root = canvas.getByRole("searchbox").closest(".hp-inbox");
  if (!(root instanceof HTMLElement)) throw new Error("There is no inbox on the page.");
  return root;
}
