import type { DeliverOptions, Json, Notification, NotificationChannel } from "@holdpoint/core";

/** A channel that keeps what it is given. */
export interface RecordingChannel extends NotificationChannel {
  readonly sent: Notification[];
  /** Ids and causes of what was sent, in order. */
  causes(): string[];
}

/** What a channel does with a notification; the default is to take it. */
export type Behaviour = (
  notification: Notification,
  options: DeliverOptions,
) => Promise<{ ref?: Json } | undefined> | undefined;

/** A channel that keeps what it is given and then does as it is told. */
export function recordingChannel(behaviour: Behaviour = () => undefined, type?: "email" | "slack"): RecordingChannel {
  const sent: Notification[] = [];
  return {
    type,
    sent,
    causes: () => sent.map(({ cause }) => cause),
    async send(notification, options) {
      sent.push(notification);
      return (await behaviour(notification, options)) ?? {};
    },
  };
}
