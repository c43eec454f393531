import { readFileSync } from "node:fs";
import { parsePolicy } from "@holdpoint/core";

/** The rules of `policy.json` in the current directory. */
export default { policy: parsePolicy(JSON.parse(readFileSync("policy.json", "utf8"))) };
