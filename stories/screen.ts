import { expect } from "storybook/test";

/** What puts a story on a screen of this size, in px. */
export function onScreen(width: number, height: number) {
  const size = { name: `${width} x ${height}`, styles: { width: `${width}px`, height: `${height}px` } };
  return {
    parameters: { viewport: { options: { screen: size } } },
    globals: { viewport: { value: "screen", isRotated: false } },
  };
}

/** Nothing is wider than the page. */
export async function expectNoOverflow(): Promise<void> {
  const { scrollWidth, clientWidth } = document.documentElement;
  await expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}
