import type { ClientToServer, ServerToClient, Viewer } from "@holdpoint/core";
import type { DefaultEventsMap, Server, Socket } from "socket.io";

/** What the server keeps about a live socket. */
export interface LiveSocketData {
  viewer: Viewer;
  /** When the viewer's credentials end, ms since the epoch; Infinity when they don't. */
  expiresAt: number;
  /** The streams that the viewer may be in. */
  streams: readonly string[];
  /** Whether it is in them now. */
  joined: boolean;
  /** Whether it fell behind and is to be told to subscribe again. */
  stale: boolean;
  /** Whether an answer to it is being prepared. */
  subscribing: boolean;
}

export type LiveServer = Server<ClientToServer, ServerToClient, DefaultEventsMap, LiveSocketData>;
export type LiveSocket = Socket<ClientToServer, ServerToClient, DefaultEventsMap, LiveSocketData>;

/** Packets that may wait for a slow client, and their characters when there is more than one. */
const mostWaiting = 64;
const mostWaitingCharacters = 1_000_000;

/** Whether more waits to be sent than a client that keeps up would leave. */
export function isBehind(socket: LiveSocket): boolean {
  const waiting = waitingPackets(socket);
  if (waiting.length > mostWaiting) return true;
  return waiting.length > 1 && waiting.reduce((sum, { data }) => sum + (data?.length ?? 0), 0) > mostWaitingCharacters;
}

/** Whether everything has been handed to the network. */
export function isDrained(socket: LiveSocket): boolean {
  return waitingPackets(socket).length === 0 && socket.conn.transport.writable;
}

/** Engine.IO's types hide the buffer that its own documentation names. All that we send is text. */
function waitingPackets({ conn }: LiveSocket): readonly { data?: string }[] {
  return (conn as unknown as { writeBuffer: { data?: string }[] }).writeBuffer;
}
