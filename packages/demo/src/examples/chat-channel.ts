import { DeliveryError, type Notification, type NotificationChannel } from "@holdpoint/core";

/** Posts to a chat by its HTTP API: in the room that the destination names, or else in `room`. */
export function chatChannel({ url, token, room }: Record<"url" | "token" | "room", string>): NotificationChannel {
  return {
    type: "slack", // of the destinations that it serves; leave it out when it goes by its name only
    async send(notification, { signal }) {
      const { id, destination, refs } = notification;
      const plainText = textOf(notification);
      if (destination && !("channelId" in destination)) {
        throw new DeliveryError("The chat reaches rooms only: name a channelId.", { permanent: true });
      }
      const answer = await fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": id },
        body: JSON.stringify({ room: destination?.channelId ?? room, thread: refs[0], plainText }),
        signal,
      });
      if (!answer.ok) throw failure(answer);
      return { ref: await answer.text() }; // the message's id, so that what is told later goes to its thread
    },
  };
}

function textOf({ title, cause, approval, summary, url }: Notification): string {
  const heading = cause === "resolved" ? `${title}: ${approval?.status}` : title;
  return [heading, ...summary.map(({ label, text }) => (label ? `${label}: ${text}` : text)), url].join("\n");
}

function failure({ status, headers }: Response): DeliveryError {
  const permanent = status < 500 && status !== 408 && status !== 429;
  return new DeliveryError(`The chat answered ${status}.`, {
    permanent,
    retryAfterMs: Number(headers.get("retry-after")) * 1_000,
  });
}
