/** Takes a rejection that nobody has listened to, if it is one of its own. */
export type TakeRejection = (reason: unknown) => boolean;

/** By which all that run in this process, from whichever copy of this package, find the one listener that they share. */
const takers = Symbol.for("holdpoint.unhandledRejection");

interface SharedListener {
  (reason: unknown): void;
  [takers]: Set<TakeRejection>;
}

/**
 * Keeps rejections of one's own from ending the process while nobody listens to them. Others end it as they would without
 * this, unless somebody else listens.
 *
 * @param take called while the async context is that of the promise
 * @returns stops it
 */
export function takeUnheardRejections(take: TakeRejection): () => void {
  const listener = process.listeners("unhandledRejection").find(isShared) ?? listen();
  listener[takers].add(take);
  return () => {
    listener[takers].delete(take);
    if (listener[takers].size === 0) process.off("unhandledRejection", listener);
  };
}

function listen(): SharedListener {
  const all = new Set<TakeRejection>();
  const listener = (reason: unknown): void => {
    for (const take of all) if (take(reason)) return;
    if (process.listenerCount("unhandledRejection") === 1 && endsProcess()) throw reason;
  };
  const shared = Object.assign(listener, { [takers]: all });
  process.on("unhandledRejection", shared);
  return shared;
}

function isShared(listener: object): listener is SharedListener {
  return takers in listener;
}

/** Node was told nothing else; there is no way to ask it. */
function endsProcess(): boolean {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].join(" ");
  const mode = /--unhandled[-_]rejections[= ]([\w-]+)/.exec(given)?.[1];
  return mode === undefined || mode === "throw";
}
