import { type Approval, type Destination, durationMs, type NotificationChannel, type Resumer } from "@holdpoint/core";

/** The configured channels and resumers, and the signal that wakes the sender when something is queued. */
export interface Outbox {
  /** By name. */
  readonly channels: ReadonlyMap<string, NotificationChannel>;
  /** By engine. */
  readonly resumers: ReadonlyMap<string, Resumer>;
  /** Where an approval is reviewed, when the host has said so. */
  readonly reviewUrl?: (approval: Approval) => string;
  /** How long deliveries are kept, ms. */
  readonly retention: Retention;
  /** Told after a commit that something is to be sent. */
  queued(): void;
  /** Hears of that, and returns how to stop. */
  onQueued(listener: () => void): () => void;
}

/** How long what has been delivered is kept, and what has been parked, ms. */
export interface Retention {
  deliveredMs: number;
  parkedMs: number;
}

/** What an outbox is made of. */
export interface OutboxOptions {
  channels?: Readonly<Record<string, NotificationChannel>>;
  resumers?: readonly Resumer[];
  reviewUrl?: (approval: Approval) => string;
  retention?: Partial<Retention>;
}

const defaultRetention: Retention = { deliveredMs: durationMs("7d"), parkedMs: durationMs("90d") };

/** An outbox; with nothing configured, whatever is queued for people is parked. */
export function createOutbox({ channels = {}, resumers = [], reviewUrl, retention }: OutboxOptions = {}): Outbox {
  const listeners = new Set<() => void>();
  return {
    channels: new Map(Object.entries(channels)),
    resumers: new Map(resumers.map((resumer) => [resumer.engine, resumer])),
    reviewUrl,
    retention: { ...defaultRetention, ...retention },
    queued() {
      for (const listener of listeners) listener();
    },
    onQueued(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A channel and the name that it goes by. */
export interface NamedChannel {
  name: string;
  channel: NotificationChannel;
}

/** The channel with a name, if it serves the destination's type; or else the first that does. */
export function findChannel(
  { channels }: Pick<Outbox, "channels">,
  { name, destination }: { name?: string; destination?: Destination },
): NamedChannel | undefined {
  const named = name === undefined ? undefined : channels.get(name);
  const fits = named && (!destination || named.type === destination.type);
  if (name !== undefined && fits) return { name, channel: named };
  if (!destination) return undefined;
  for (const [name, channel] of channels) if (channel.type === destination.type) return { name, channel };
  return undefined;
}
