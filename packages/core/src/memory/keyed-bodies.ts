import { HoldpointError } from "../error.ts";
import { canonicalJson, sha256Hex } from "../json/canonical-json.ts";

/** What came with idempotency keys: a hash of each body. */
export class KeyedBodies {
  readonly #hashes = new Map<string, string>();

  /**
   * Whether the same body has come before within this scope, whose last part is the key.
   *
   * @throws {HoldpointError} `idempotency_conflict` when the key was used with a different body
   */
  isRepeated(scope: readonly string[], body: object): boolean {
    const earlier = this.#hashes.get(JSON.stringify(scope));
    if (earlier === undefined || earlier === hashOf(body)) return earlier !== undefined;
    throw keyTaken(scope.at(-1));
  }

  remember(scope: readonly string[], body: object): void {
    this.#hashes.set(JSON.stringify(scope), hashOf(body));
  }
}

/** The error for a key that was already used with a different body. */
export function keyTaken(key = ""): HoldpointError {
  return new HoldpointError(
    "idempotency_conflict",
    `The key "${key}" was already used with a different request or response; send the same again, or use another key.`,
  );
}

function hashOf(body: object): string {
  return sha256Hex(canonicalJson(body));
}
