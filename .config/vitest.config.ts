import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { storiesProject } from "./stories.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Tests run against the sources, without a build. */
const resolve = { conditions: ["@holdpoint/source"] };

function nodeProject(name: string, globalSetup: string[] = []) {
  return {
    resolve,
    ssr: { resolve },
    test: {
      name,
      root: `${root}packages/${name}`,
      include: ["src/**/*.test.{ts,tsx}"],
      globalSetup,
      setupFiles: [`${root}.config/temporary-files.ts`],
      environment: "node",
      // What processes that tests start have compiled, for the next ones.
      env: { NODE_COMPILE_CACHE: `${root}node_modules/.cache/holdpoint-tests` },
      // Files share their process, one after the other: loading the same modules anew for each takes longer than most tests.
      isolate: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 60_000 } },
    },
  };
}

export default defineConfig({
  root,
  test: {
    projects: [
      ...["core", "client", "integrations", "react", "demo"].map((name) => nodeProject(name)),
      nodeProject("server", ["src/store/test-run.ts"]),
      storiesProject({ name: "stories", tags: { exclude: ["forced-colors"] } }),
      storiesProject({
        name: "stories-forced-colors",
        tags: { include: ["forced-colors"] },
        contextOptions: { forcedColors: "active" },
      }),
    ],
  },
});
