import type { ChangesFrame, ClientToServer, ServerToClient } from "@holdpoint/core";
import { io, type Socket } from "socket.io-client";

/** Sockets that listen to `changes`. */
export interface LiveViewers extends AsyncDisposable {
  /** When each socket received the first frame that `matches`, by `performance.now()`. */
  received(matches: (frame: ChangesFrame) => boolean): Promise<number[]>;
  /** A frame as it arrives, from the first socket. */
  nextFrame(): Promise<ChangesFrame>;
}

type LiveSocket = Socket<ServerToClient, ClientToServer>;

/** Where and as whom to connect; `token` is for a Holdpoint server, which also wants a subscription. */
export interface LiveAddress {
  origin: string;
  path?: string;
  token?: string;
}

/** Connects `count` sockets, each on a connection of its own. */
export async function connectViewers({ origin, path, token }: LiveAddress, count: number): Promise<LiveViewers> {
  const sockets: LiveSocket[] = [];
  for (let i = 0; i < count; i++) {
    const socket: LiveSocket = io(origin, {
      path,
      auth: { token },
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
    });
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject));
    if (token) await socket.emitWithAck("subscribe", {});
    sockets.push(socket);
  }
  return {
    received: (matches) => Promise.all(sockets.map((socket) => receives(socket, matches))),
    nextFrame: () => new Promise((resolve) => sockets[0]?.once("changes", resolve)),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.disconnect();
    },
  };
}

function receives(socket: LiveSocket, matches: (frame: ChangesFrame) => boolean): Promise<number> {
  return new Promise((resolve) => {
    const listen = (frame: ChangesFrame) => {
      if (!matches(frame)) return;
      socket.off("changes", listen);
      resolve(performance.now());
    };
    socket.on("changes", listen);
  });
}
