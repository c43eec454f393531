import { fileURLToPath } from "node:url";
import { storybookTest } from "@storybook/addon-vitest/vitest-plugin";
import { playwright } from "@vitest/browser-playwright";
import type { BrowserContextOptions } from "playwright";
import type { Plugin, TestProjectInlineConfiguration } from "vitest/config";
import { findBrowser } from "./find-browser.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Which stories to run, and what the browser that shows them prefers. */
export interface StoriesOptions {
  name: string;
  tags: { include?: string[]; exclude?: string[] };
  contextOptions?: BrowserContextOptions;
}

/** A project that runs stories as tests in a Chromium: rendering, the `play` function and axe. */
export function storiesProject({ name, tags, contextOptions = {} }: StoriesOptions): TestProjectInlineConfiguration {
  return {
    root,
    plugins: [storybookTest({ configDir: `${root}.storybook`, tags }), ownCache(name)],
    test: {
      name,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        viewport: { width: 1280, height: 860 },
        provider: playwright({ launchOptions: { executablePath: findBrowser() }, contextOptions }),
        instances: [{ browser: "chromium" }],
      },
    },
  };
}

/** Projects run side by side, so each bundles its dependencies into a folder of its own. */
function ownCache(name: string): Plugin {
  return { name: "holdpoint:own-cache", config: () => ({ cacheDir: `${root}node_modules/.cache/${name}` }) };
}
