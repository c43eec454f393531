import type { ChangesFrame, ClientToServer, Head, LiveNotice, ServerToClient, Subscription } from "@holdpoint/core";
import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import type { TestHoldpoint, TestPerson } from "../testing.ts";

/** How a test connects; `token` in place of one that is made for the person. */
export interface TestViewerOptions extends Partial<ManagerOptions & SocketOptions> {
  person?: TestPerson;
  token?: string;
}

/** A live connection as a test sees it: what came over it, in order. */
export interface TestViewer extends Disposable {
  readonly socket: Socket<ServerToClient, ClientToServer>;
  readonly frames: ChangesFrame[];
  readonly heads: Head[];
  readonly notices: LiveNotice["reason"][];
  /** Titles of the approvals in the frames, each once, in order. */
  titles(): string[];
  subscribe(cursor?: string): Promise<Subscription>;
  /** Resolves when the server, or the line, has ended the connection. */
  readonly disconnected: Promise<void>;
}

/** Connects somebody to the live feed; rejects when they are refused. */
export async function connectViewer(
  holdpoint: Pick<TestHoldpoint, "origin" | "token">,
  id: string,
  { person, token, ...options }: TestViewerOptions = {},
): Promise<TestViewer> {
  const socket: Socket<ServerToClient, ClientToServer> = io(holdpoint.origin, {
    path: "/api/live",
    addTrailingSlash: false,
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    auth: { token: token ?? (await holdpoint.token(id, person)) },
    ...options,
  });
  const frames: ChangesFrame[] = [];
  const heads: Head[] = [];
  const notices: LiveNotice["reason"][] = [];
  socket.on("changes", (frame) => frames.push(frame));
  socket.on("head", (head) => heads.push(head));
  socket.on("notice", ({ reason }) => notices.push(reason));
  const disconnected = new Promise<void>((resolve) => socket.on("disconnect", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    socket.on("connect", resolve);
    socket.on("connect_error", reject);
  });
  return {
    socket,
    frames,
    heads,
    notices,
    disconnected,
    titles: () => [...new Set(frames.flatMap(({ changes }) => changes.map(({ approval }) => approval.title)))],
    async subscribe(cursor) {
      const answer = await socket.timeout(10_000).emitWithAck("subscribe", { cursor });
      if ("error" in answer) throw new Error(`${answer.error.code}: ${answer.error.message}`);
      return answer;
    },
    [Symbol.dispose]: () => void socket.disconnect(),
  };
}

/** Titles in a snapshot, or in the changes of a catch-up. */
export function titlesIn(answer: Subscription): string[] {
  const approvals = "snapshot" in answer ? answer.snapshot.approvals : answer.changes.map(({ approval }) => approval);
  return approvals.map(({ title }) => title);
}
