import type { Decorator } from "@storybook/react-vite";

/** A page that its content fills. */
export const wholePage: Decorator = (Story) => (
  <main style={{ blockSize: "100vh" }}>
    <Story />
  </main>
);
