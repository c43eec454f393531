import type { SignedIn } from "../../acme-api.ts";
import { requestJson } from "../request.ts";

/** Somebody signed in to Acme Ops in this window. */
export interface Session extends Omit<SignedIn, "token"> {
  /** A token for the API and the live feed; a fresh one when the last was refused or is about to expire. */
  getToken(context?: { reason: "connect" | "unauthorized" | "expiring" }): Promise<string>;
}

const storageKey = "acme-ops.person";

/** Who signed in earlier in this window, if anyone did. Other windows have their own. */
export function rememberedPerson(): string | null {
  return sessionStorage.getItem(storageKey);
}

/** Signs in without a password, which is what the demo's sign-in is: whoever asks becomes that person. */
export async function signIn(personId: string): Promise<Session> {
  const { token, ...who } = await requestToken(personId);
  sessionStorage.setItem(storageKey, personId);
  let current = token;
  return {
    ...who,
    async getToken({ reason } = { reason: "connect" }) {
      if (reason !== "connect") current = (await requestToken(personId)).token;
      return current;
    },
  };
}

/** Forgets who is signed in in this window. */
export function signOut(): void {
  sessionStorage.removeItem(storageKey);
}

function requestToken(personId: string): Promise<SignedIn> {
  return requestJson<SignedIn>("/demo/sign-in", { method: "POST", body: { personId } });
}
