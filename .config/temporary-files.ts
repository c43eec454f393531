import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";

// Each test file has a temporary folder of its own, so that other runs on this machine can't be taken for it.
const usual = process.env.TMPDIR;
const folder = mkdtempSync(join(tmpdir(), "holdpoint-test-file-"));
process.env.TMPDIR = folder;

// The first one to be registered, and thus the last one to run.
afterAll(() => {
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  const left = readdirSync(folder, { recursive: true });
  rmSync(folder, { recursive: true });
  expect(left, "Temporary files that these tests left behind").toEqual([]);
});
