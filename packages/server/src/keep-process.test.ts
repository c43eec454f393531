import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("test-waiting-process.ts", import.meta.url));

test.each([
  ["approval", "timed_out"],
  ["run", "woken"],
])(
  "a process that only waits for the end of its %s goes on until then, and no longer than it has to",
  async (whatFor, end) => {
    const child = spawn(process.execPath, ["--conditions=@holdpoint/source", program, whatFor]);
    const [[code], output, errors] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
    expect({ code, output, errors }).toEqual({ code: 0, output: `${end}\n`, errors: "" });
  },
);
