import { createApproval } from "../approval/create-approval.ts";
import { applyCancel } from "../approval/lifecycle.ts";
import { approvalNotification, DeliveryError, type NotificationChannel } from "../delivery/notification.ts";
import { jsonProblem } from "../json/json.ts";
import { expectEqual, expectTrue } from "./expectation.ts";
import { email } from "./samples.ts";

/** How a service answers: it takes what it gets, fails, refuses for good, asks for 7 s of rest, or doesn't answer. */
export type ServiceState = "up" | "down" | "refusing" | "busy" | "silent";

/** What a case needs of the channel under test. */
export interface ChannelHarness {
  channel: NotificationChannel;
  /** Makes the service that the channel talks to answer in this way from now on. */
  service(state: ServiceState): void | Promise<void>;
  /** What has arrived at the service, each as text to be searched. */
  received(): string[] | Promise<string[]>;
}

/** One thing that a channel has to do. */
export interface ChannelCase {
  /** A sentence, to name a test by. */
  name: string;
  /** Throws when the channel doesn't. */
  run(harness: ChannelHarness): Promise<void>;
}

const at = "2026-01-01T00:00:00.000Z";
const approval = createApproval(email, { id: "apr_01KDVDNA00DPHPFPH40SWYVXVG", tenantId: "acme", now: at });
const url = `https://app.example.com/approvals/${approval.id}`;
const facts = { id: "dlv_01KDVDNA00AZMD8S4AWPJGBRXV", at, url, refs: [] };
const ask = approvalNotification(approval, { ...facts, cause: "requested" });
const never = new AbortController().signal;

/** Telling people of something outside the app. */
export const channelCases: ChannelCase[] = [
  {
    name: "what is asked arrives with its title, its arguments and the way to the review page",
    async run({ channel, received }) {
      const { ref } = await channel.send(ask, { signal: never });
      const [arrived = ""] = await received();
      for (const part of ["Send email to Ana Ruiz", "ana@example.com", url]) {
        expectTrue(arrived.includes(part), `"${part}" in what arrived`);
      }
      expectEqual(ref === undefined ? undefined : jsonProblem(ref), undefined, "what is wrong with ref as JSON");
    },
  },
  {
    name: "the end of an approval is told with the refs of what was sent before, and without",
    async run({ channel }) {
      const { ref } = await channel.send(ask, { signal: never });
      const ended = applyCancel(approval, { now: at, by: { id: "ana" } });
      for (const refs of [ref === undefined ? [] : [ref], []]) {
        const end = approvalNotification(ended, { ...facts, cause: "resolved", refs });
        await channel.send(end, { signal: never });
      }
    },
  },
  {
    name: "a notice of a run arrives, which has no approval",
    async run({ channel, received }) {
      const { approval: _approval, url: _url, ...rest } = ask;
      const run = { id: "run_1", workflow: "outreach" };
      await channel.send({ ...rest, cause: "notice", title: "All sent", run, buttons: [] }, { signal: never });
      expectTrue((await received()).at(-1)?.includes("All sent") ?? false, "the notice to have arrived");
    },
  },
  {
    name: "a service that is down is worth trying again",
    async run({ channel, service }) {
      await service("down");
      const error = await rejection(channel, never);
      expectTrue(!(error instanceof DeliveryError && error.permanent), "a failure that isn't permanent");
    },
  },
  {
    name: "a service that refuses is not worth trying again",
    async run({ channel, service }) {
      await service("refusing");
      const error = await rejection(channel, never);
      expectTrue(error instanceof DeliveryError && error.permanent, "a permanent DeliveryError");
    },
  },
  {
    name: "a service that is busy says when to try again",
    async run({ channel, service }) {
      await service("busy");
      const error = await rejection(channel, never);
      expectEqual(error instanceof DeliveryError && [error.permanent, error.retryAfterMs], [false, 7_000], "the wait");
    },
  },
  {
    name: "a service that doesn't answer is given up when the signal says so",
    async run({ channel, service }) {
      await service("silent");
      const giveUp = new AbortController();
      const error = rejection(channel, giveUp.signal);
      giveUp.abort(new Error("enough"));
      expectTrue((await error) instanceof Error, "a rejection");
    },
  },
];

async function rejection(channel: NotificationChannel, signal: AbortSignal): Promise<unknown> {
  try {
    await channel.send(ask, { signal });
  } catch (error) {
    return error;
  }
  throw new Error("expected send to reject");
}
