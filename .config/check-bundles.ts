import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";

/** How much script a customer's page may load, minified and gzipped, besides React itself. */
interface Bundle {
  name: string;
  /** What the page imports. */
  code: string;
  /** A module that is imported dynamically, but always. */
  always?: string;
  /** kB (1,000 bytes). */
  limit: number;
}

const styles = `import "@holdpoint/react/styles.css";`;

const bundles: Bundle[] = [
  {
    name: "the inbox, connected",
    code: `${styles} export { ApprovalInbox, HoldpointProvider } from "@holdpoint/react";`,
    always: "/socket.io-client/",
    limit: 60,
  },
  {
    name: "the card, with a transport of one's own",
    code: `${styles} export { ApprovalCard } from "@holdpoint/react";`,
    limit: 25,
  },
];

/** The demo embeds the kit as a customer does, so the page is one of its. */
const page = fileURLToPath(new URL("../packages/demo/page.js", import.meta.url));

/** Prints the size of each bundle, and fails when one is above its limit. */
async function checkBundles(): Promise<void> {
  for (const { limit, ...bundle } of bundles) {
    const { script, onDemand, sheet } = await sizesOf(bundle);
    console.log(`${bundle.name}: ${kB(script)} of ${limit} kB; ${kB(onDemand)} on demand, styles ${kB(sheet)}`);
    if (script <= limit * 1_000) continue;
    console.error(`${bundle.name} is too large.`);
    process.exitCode = 1;
  }
}

/** Bytes of script that a page always loads, of parts that only some approvals need, and of the style sheet. */
async function sizesOf({ code, always }: Omit<Bundle, "limit">) {
  const parts = await built(code);
  const chunks = parts.filter((part) => part.type === "chunk");
  const loaded = new Set(chunks.filter((chunk) => chunk.isEntry || includes(chunk, always)));
  for (const { imports } of loaded) for (const chunk of chunks) if (imports.includes(chunk.fileName)) loaded.add(chunk);
  return {
    script: sizeOf([...loaded]),
    onDemand: sizeOf(chunks.filter((chunk) => !loaded.has(chunk))),
    sheet: sizeOf(parts.filter((part) => part.type === "asset")),
  };
}

type Part = Rolldown.OutputChunk | Rolldown.OutputAsset;

async function built(code: string): Promise<Part[]> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@holdpoint/source", "browser", "import"] },
    plugins: [
      {
        name: "page",
        resolveId: (id) => (id === page ? id : undefined),
        load: (id) => (id === page ? code : undefined),
      },
    ],
    build: {
      write: false,
      rolldownOptions: { input: page, external: /^react(?:-dom)?(?:\/|$)/, preserveEntrySignatures: "strict" },
    },
  });
  return [result].flat().flatMap((each) => ("output" in each ? each.output : []));
}

function includes(chunk: Rolldown.OutputChunk, module = "\0"): boolean {
  return chunk.moduleIds.some((id) => id.includes(module));
}

function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + gzipSync(part.type === "asset" ? part.source : part.code).length, 0);
}

function kB(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

await checkBundles();
