import { inPowersOfTwo } from "../in-powers-of-two.ts";

/** Reads what belongs to some ids. */
export type ReadAll<Value> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/** A reader for one id that serves those which are asked for together (by one commit, say) with one query. */
export function gathered<Value>(readAll: ReadAll<Value>): (id: string) => Promise<Value | undefined> {
  let asked = new Set<string>();
  let reading: Promise<Map<string, Value>> | undefined;
  return async (id) => {
    asked.add(id);
    reading ??= Promise.resolve().then(() => {
      const ids = [...asked];
      asked = new Set();
      reading = undefined;
      return readPieces(readAll, ids);
    });
    return (await reading).get(id);
  };
}

async function readPieces<Value>(readAll: ReadAll<Value>, ids: readonly string[]): Promise<Map<string, Value>> {
  const read = await Promise.all(inPowersOfTwo(ids).map((piece) => readAll(piece)));
  return new Map(read.flatMap((values) => [...values]));
}
