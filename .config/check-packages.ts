import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const packages = fileURLToPath(new URL("../packages/", import.meta.url));

/** Checks the manifest of every package that is to be published; needs a build. */
async function checkPackages(): Promise<void> {
  for (const name of await readdir(packages)) {
    const manifest = JSON.parse(await readFile(`${packages}${name}/package.json`, "utf8"));
    if (manifest.private) continue;
    const { messages } = await publint({ pkgDir: `${packages}${name}`, strict: true });
    for (const message of messages) console.error(`${manifest.name}: ${formatMessage(message, manifest)}`);
    if (messages.length > 0) process.exitCode = 1;
  }
}

await checkPackages();
