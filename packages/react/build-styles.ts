import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const source = new URL("src/styles.css", import.meta.url);
const target = new URL("dist/styles.css", import.meta.url);

/** Puts the sheets that `src/styles.css` imports into one file, each in the layer that its import names. */
function bundledStyles(): string {
  return readFileSync(source, "utf8").replace(
    /@import url\("(.+?)"\) layer\((.+?)\);/g,
    (_, path: string, layer: string) => `@layer ${layer} {\n${readFileSync(new URL(path, source), "utf8").trim()}\n}`,
  );
}

mkdirSync(new URL(".", target), { recursive: true });
writeFileSync(target, bundledStyles());
