import type { Preview } from "@storybook/react-vite";
import { configure } from "storybook/test";
import { withLook } from "../stories/with-look.tsx";

/** A form that is loaded when it is needed may take its time on a busy machine. */
configure({ asyncUtilTimeout: 15_000 });

const preview: Preview = {
  decorators: [withLook],
  globalTypes: {
    theme: {
      description: "Colour scheme",
      toolbar: { title: "Theme", icon: "mirror", items: ["light", "dark"], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: "light" },
  parameters: {
    layout: "fullscreen",
    a11y: { test: "error" },
    options: { storySort: { order: ["Introduction", "Embedding", "Theming", "Card", "Inbox"] } },
  },
};

export default preview;
