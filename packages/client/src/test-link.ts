import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What a link lets through: everything, plain HTTP but no live connections, or nothing. */
export type LinkState = "open" | "http only" | "closed";

/** A stretch of network between a client and a server, for tests to break. */
export interface TestLink extends AsyncDisposable {
  /** The far end's API, through the link. */
  readonly url: string;
  /** Ends what is connected; new connections are treated by `state`. */
  cut(state?: LinkState): void;
  open(): void;
  /** Leads to another server from now on. */
  lead(origin: string): void;
}

/** Opens a link to the server at `origin` (`http://127.0.0.1:PORT`). */
export async function openTestLink(origin: string): Promise<TestLink> {
  const sockets = new Set<Socket>();
  let state: LinkState = "open";
  let port = Number(new URL(origin).port);

  const join = (near: Socket, first: Buffer) => {
    const refused = state === "closed" || (state === "http only" && first.includes(" /api/live"));
    if (refused) return near.destroy();
    const far = connect(port, "127.0.0.1");
    track(sockets, far);
    far.write(first);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  };

  const server = createServer((near) => {
    track(sockets, near);
    near.once("data", (first) => join(near, first));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    cut(next = "open") {
      state = next;
      for (const socket of sockets) socket.destroy();
    },
    open() {
      state = "open";
    },
    lead(to) {
      port = Number(new URL(to).port);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => sockets.delete(socket));
}
