import type { Decorator } from "@storybook/react-vite";

/** Room around a card, as a host's page leaves it. */
export const besideMargins: Decorator = (Story) => (
  <div style={{ maxInlineSize: 820, marginInline: "auto", padding: 24 }}>
    <Story />
  </div>
);
