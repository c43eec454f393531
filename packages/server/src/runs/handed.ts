/** A handler may look at a result long after it came; until then a failure must not end the process. */
export function handed<T>(call: () => Promise<T>): Promise<T> {
  const result = call();
  result.catch(() => undefined);
  return result;
}
