import type { Change, ChangesFrame, Head } from "@holdpoint/core";
import { encodeCursor } from "./cursor.ts";
import type { LiveServer, LiveSocket } from "./live-socket.ts";
import type { LostSight } from "./lost-sight.ts";
import { streamsFor } from "./streams.ts";
import type { LogBatch, TenantTail } from "./tenant-tail.ts";

/** A stream that somebody on this node is in. */
interface Stream {
  members: number;
  /** The place in the log up to which its members have been sent changes. */
  position: number;
}

/** What a frame carries. */
type Told = Pick<ChangesFrame, "changes" | "gone">;

/** One tenant's live sockets on this node: who is in which stream, and how far each stream has been told. */
export class TenantFeed {
  readonly #io: LiveServer;
  readonly #tail: TenantTail;
  readonly #streams = new Map<string, Stream>();
  /** Sets of streams that at least one socket is in, by their room, with the number of such sockets. */
  readonly #sets = new Map<string, { streams: readonly string[]; members: number }>();
  readonly #unsubscribe: () => void;

  constructor(io: LiveServer, tail: TenantTail) {
    this.#io = io;
    this.#tail = tail;
    this.#unsubscribe = tail.subscribe((batch) => this.#tell(batch));
  }

  get empty(): boolean {
    return this.#sets.size === 0;
  }

  /** From now on the socket gets the frames and head beats of its streams. */
  join(socket: LiveSocket): void {
    if (socket.data.joined) return;
    socket.data.joined = true;
    const { streams } = socket.data;
    for (const name of streams) {
      const stream = this.#streams.get(name) ?? { members: 0, position: this.#tail.head.seq };
      stream.members += 1;
      this.#streams.set(name, stream);
    }
    const room = this.#setRoom(streams);
    const set = this.#sets.get(room) ?? { streams, members: 0 };
    set.members += 1;
    this.#sets.set(room, set);
    void socket.join([...streams.map((name) => this.#streamRoom(name)), room]);
  }

  /** The socket gets nothing more, until it joins again. */
  leave(socket: LiveSocket): void {
    if (!socket.data.joined) return;
    socket.data.joined = false;
    const { streams } = socket.data;
    for (const name of streams) {
      const stream = this.#streams.get(name);
      if (stream && --stream.members === 0) this.#streams.delete(name);
      void socket.leave(this.#streamRoom(name));
    }
    const room = this.#setRoom(streams);
    const set = this.#sets.get(room);
    if (set && --set.members === 0) this.#sets.delete(room);
    void socket.leave(room);
  }

  /** Tells everyone up to where their streams have come, once per set of streams. */
  beat(now: string): void {
    const cursor = encodeCursor(this.#tail.head);
    for (const [room, { streams }] of this.#sets) {
      const positions = streams.map((name) => [name, this.#streams.get(name)?.position ?? 0]);
      const head: Head = { cursor, streams: Object.fromEntries(positions), now };
      this.#io.local.to(room).emit("head", head);
    }
  }

  close(): void {
    this.#unsubscribe();
  }

  #tell({ to, changes, lost }: LogBatch): void {
    for (const [name, told] of this.#byStream(changes, lost)) {
      const stream = this.#streams.get(name);
      if (!stream) continue;
      const frame: ChangesFrame = { stream: name, from: stream.position, to, ...told };
      stream.position = to;
      this.#io.local.to(this.#streamRoom(name)).emit("changes", frame);
    }
  }

  /** What each stream is told; those that lose sight last, so that who sees an approval by another one as well keeps it. */
  #byStream(changes: readonly Change[], lost: readonly LostSight[]): Map<string, Told> {
    const byStream = new Map<string, Told>();
    const told = (name: string) => {
      const known = byStream.get(name) ?? { changes: [] };
      byStream.set(name, known);
      return known;
    };
    for (const change of changes) {
      for (const name of streamsFor(change.approval)) if (this.#streams.has(name)) told(name).changes.push(change);
    }
    for (const { gone, streams } of lost) {
      for (const name of streams) {
        if (!this.#streams.has(name)) continue;
        const last = told(name);
        byStream.delete(name);
        byStream.set(name, { ...last, gone: [...(last.gone ?? []), gone] });
      }
    }
    return byStream;
  }

  #streamRoom(name: string): string {
    return JSON.stringify([this.#tail.tenantId, name]);
  }

  #setRoom(streams: readonly string[]): string {
    return JSON.stringify([this.#tail.tenantId, streams]);
  }
}
