import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for one measurement, removed when it ends. */
export interface Workspace extends AsyncDisposable {
  path(name: string): string;
}

/** Makes a {@link Workspace}. It lies on the temporary folder's disk, so that is the disk whose syncs are measured. */
export async function makeWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), "holdpoint-bench-"));
  return {
    path: (name) => join(folder, name),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
