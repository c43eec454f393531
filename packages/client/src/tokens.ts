import { HoldpointError } from "@holdpoint/core";
import type { TokenReason } from "./transport.ts";

/** Gets a token from the host; null when cookies say who we are. */
export type GetToken = (request: { reason: TokenReason }) => Promise<string | null> | string | null;

/** The one token that requests and live connections share: fetched when there is none, or the last was refused. */
export class Tokens {
  readonly #getToken: GetToken;
  #token: Promise<string | null> | undefined;
  #fetching = false;

  constructor(getToken: GetToken) {
    this.#getToken = getToken;
  }

  /** The token in use. */
  current(): Promise<string | null> {
    return this.#token ?? this.#fetch("connect");
  }

  /** A fresh token. Those who come while it is fetched, or were refused an older one, share it. */
  async renewed(reason: TokenReason, refused?: string | null): Promise<string | null> {
    if (this.#token && (this.#fetching || (refused !== undefined && refused !== (await this.#token)))) {
      return this.#token;
    }
    return this.#fetch(reason);
  }

  #fetch(reason: TokenReason): Promise<string | null> {
    this.#fetching = true;
    const token = this.#ask(reason).then(
      (fetched) => {
        this.#fetching = false;
        return fetched;
      },
      (cause: unknown) => {
        this.#fetching = false;
        this.#token = undefined;
        const error = new HoldpointError("unavailable", "No token could be had for the server; try again.");
        throw Object.assign(error, { cause });
      },
    );
    this.#token = token;
    return token;
  }

  async #ask(reason: TokenReason): Promise<string | null> {
    return this.#getToken({ reason });
  }
}
