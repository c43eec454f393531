import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A value kept in a file. */
export interface JsonFile<Value> {
  read(): Value;
  /** Replaces the value; resolves once the file holds it. Changes are written one after the other. */
  change(update: (value: Value) => Value): Promise<void>;
}

/** Opens the file at `path`, or starts one with `initial`. */
export async function openJsonFile<Value>(path: string, initial: Value): Promise<JsonFile<Value>> {
  await mkdir(dirname(path), { recursive: true });
  const text = await readIfThere(path);
  let value = text === undefined ? initial : (JSON.parse(text) as Value);
  let written = Promise.resolve();
  return {
    read: () => value,
    change(update) {
      value = update(value);
      const changed = JSON.stringify(value, null, 2);
      written = written.catch(() => {}).then(() => replaceFile(path, changed));
      return written;
    },
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}
