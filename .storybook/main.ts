import type { StorybookConfig } from "@storybook/react-vite";
import { defaultClientConditions, mergeConfig } from "vite";

/** What the sources depend on, bundled before the first story: a dependency found later reloads the page under a test. */
const prebundled = [
  "@cfworker/json-schema",
  "@noble/hashes/sha2.js",
  "@noble/hashes/utils.js",
  "@rjsf/core/lib/components/Form.js",
  "@rjsf/core/lib/components/fields/SchemaField.js",
  "@rjsf/utils",
  "@tanstack/react-virtual",
  "canonicalize",
  "diff",
  "react",
  "react-dom/client",
  "react-markdown",
  "react/jsx-dev-runtime",
  "socket.io-client",
  "ulid",
  "zod",
];

const config: StorybookConfig = {
  framework: "@storybook/react-vite",
  stories: ["../stories/**/*.mdx", "../stories/**/*.stories.tsx"],
  addons: ["@storybook/addon-docs", "@storybook/addon-a11y", "@storybook/addon-vitest"],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  viteFinal: (vite) =>
    mergeConfig(vite, {
      resolve: { conditions: ["@holdpoint/source", ...defaultClientConditions] },
      optimizeDeps: { include: prebundled },
      server: { hmr: { overlay: false } },
    }),
};

export default config;
