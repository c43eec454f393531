import { execFileSync } from "node:child_process";
import { findBrowser } from "./find-browser.ts";

/** Makes sure that the browser tests find a Chromium: an installed one, Playwright's download, or the system's package. */
function ensureBrowser(): void {
  if (findBrowser()) return;
  run("npx", ["playwright", "install", "chromium"]);
  if (findBrowser()) return;
  if (process.platform === "linux" && process.getuid?.() === 0) {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "chromium"]);
  }
  if (findBrowser()) return;
  console.error(
    "No browser for the tests. Install Chromium or Chrome (Debian and Ubuntu: sudo apt-get install chromium), " +
      "or point HOLDPOINT_BROWSER at one, and run npm test again.",
  );
  process.exitCode = 1;
}

/** A step that may fail: what counts is whether there is a browser afterwards. */
function run(command: string, args: string[]): void {
  console.log(`> ${command} ${args.join(" ")}`);
  try {
    execFileSync(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  } catch {
    console.log(`${command} did not succeed.`);
  }
}

ensureBrowser();
