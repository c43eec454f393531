/** A handler may look at a result long after it came; until then a failure must not end the process. */
export function handed<T>(call: () => Promise<T>): Promise<T> {
  const result = call();
  result.catch(() => undefined);
  return result;
}

/** Makes a call as a part of the handler, or of the branch of it, that a context was made for; see {@link handed}. */
export type InScope = <T>(call: () => Promise<T>) => Promise<T>;
