import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright";

const commands = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge"];

const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
  "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
  "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
];

/**
 * Path of a Chromium for the browser tests: the one named by `HOLDPOINT_BROWSER`, an installed one, or Playwright's own;
 * undefined when there is none.
 */
export function findBrowser(): string | undefined {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => commands.map((name) => join(folder, name)));
  const candidates = [process.env.HOLDPOINT_BROWSER ?? "", ...onPath, ...applications, chromium.executablePath()];
  return candidates.find((path) => path !== "" && existsSync(path));
}
