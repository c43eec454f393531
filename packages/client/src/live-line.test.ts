import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock, startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { createHttpTransport } from "./http-transport.ts";
import type { ConnectionState } from "./live-line.ts";
import type { LiveStore } from "./live-store.ts";
import { openTestLink } from "./test-link.ts";
import { startStore, watch } from "./test-store.ts";
import type { Transport } from "./transport.ts";

const pending = { status: ["pending" as const] };
const stateOf = (store: LiveStore) => () => store.connection.get().state;
const titlesOf = (store: LiveStore) => () =>
  store
    .observeList(pending)
    .get()
    .items.map(({ title }) => title);

/** The states that a store goes through, each as it comes. */
function statesOf(store: LiveStore): ConnectionState[] {
  const states = [store.connection.get().state];
  store.connection.subscribe(() => {
    const { state } = store.connection.get();
    if (state !== states.at(-1)) states.push(state);
  });
  return states;
}

test("after a break the line comes back by itself with what was missed", async () => {
  await using holdpoint = await startTestHoldpoint();
  await using link = await openTestLink(holdpoint.origin);
  using store = startStore({ ...holdpoint, url: link.url }, "ana");
  using _list = watch(store.observeList(pending));
  await expect.poll(stateOf(store)).toBe("live");
  const states = statesOf(store);
  link.cut("closed");
  await expect.poll(stateOf(store)).toBe("reconnecting");
  await holdpoint.request({ title: "Refund order 7" });
  link.open();
  await expect.poll(titlesOf(store)).toEqual(["Refund order 7"]);
  await expect.poll(stateOf(store)).toBe("live");
  expect(states.slice(0, 2)).toEqual(["live", "reconnecting"]);
});

test("a server that is stopped and started again on the same database is found, and nothing is missed", async () => {
  const directory = await mkdtemp(join(tmpdir(), "holdpoint-"));
  const database = `sqlite:${join(directory, "test.db")}`;
  const first = await startTestHoldpoint({ database });
  await using link = await openTestLink(first.origin);
  using store = startStore({ ...first, url: link.url }, "ana");
  using _list = watch(store.observeList(pending));
  const missed = await first.request({ title: "Refund order 7" });
  await expect.poll(titlesOf(store)).toEqual(["Refund order 7"]);
  await first[Symbol.asyncDispose]();
  await expect.poll(stateOf(store)).toBe("reconnecting");
  await using second = await startTestHoldpoint({ database });
  await second.as("bo").approve(missed);
  link.lead(second.origin);
  await expect.poll(() => store.observeList(pending).get().items[0]?.status).toBe("approved");
  expect(store.connection.get().state).toBe("live");
  await rm(directory, { recursive: true });
});

test("a frame that was lost shows at the next head beat and is asked for", async () => {
  const clock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock });
  const transport = createHttpTransport({ url: holdpoint.url, getToken: () => holdpoint.token("ana") });
  let losing = false;
  const lossy: Transport = {
    ...transport,
    connect: (listener, reason) =>
      transport.connect({ ...listener, frame: (frame) => (losing ? undefined : listener.frame(frame)) }, reason),
  };
  using store = startStore(holdpoint, "ana", { transport: lossy });
  using _list = watch(store.observeList(pending));
  await expect.poll(stateOf(store)).toBe("live");
  losing = true;
  await holdpoint.request({ title: "Lost on the way" });
  using witness = startStore(holdpoint, "bo");
  using _witnessed = watch(witness.observeList(pending));
  await expect.poll(titlesOf(witness)).toEqual(["Lost on the way"]);
  expect(titlesOf(store)()).toEqual([]);
  clock.advance(15_000);
  await expect.poll(titlesOf(store)).toEqual(["Lost on the way"]);
});

test("where live connections don't get through the store polls, and goes live when they do", async () => {
  await using holdpoint = await startTestHoldpoint();
  await using link = await openTestLink(holdpoint.origin);
  link.cut("http only");
  const clock = createManualClock();
  using store = startStore({ ...holdpoint, url: link.url }, "ana", { clock });
  using _list = watch(store.observeList(pending));
  await expect
    .poll(() => {
      clock.advance(100);
      return store.connection.get().state;
    })
    .toBe("polling");
  await holdpoint.request({ title: "Refund order 7" });
  await expect
    .poll(() => {
      clock.advance(1_000);
      return titlesOf(store)();
    })
    .toEqual(["Refund order 7"]);
  link.open();
  store.retry();
  await expect.poll(stateOf(store)).toBe("live");
});

test("credentials are renewed before they end, without a break", async () => {
  await using holdpoint = await startTestHoldpoint();
  const clock = createManualClock();
  const reasons: string[] = [];
  const getToken = ({ reason }: { reason: string }) => {
    reasons.push(reason);
    return holdpoint.token("ana", { expiresIn: reason === "connect" ? "10m" : "20m" });
  };
  using store = startStore(holdpoint, "ana", { clock, getToken });
  await expect.poll(stateOf(store)).toBe("live");
  const states = statesOf(store);
  const before = store.connection.get().viewer?.expiresAt;
  clock.advance(9 * 60_000);
  expect(reasons).toEqual(["connect"]);
  clock.advance(40_000);
  await expect.poll(() => store.connection.get().viewer?.expiresAt).not.toBe(before);
  expect(reasons).toEqual(["connect", "expiring"]);
  expect(states).toEqual(["live"]);
});

test("credentials that ended are replaced when the server says so", async () => {
  const serverClock = createManualClock();
  await using holdpoint = await startTestHoldpoint({ clock: serverClock });
  const reasons: string[] = [];
  const getToken = ({ reason }: { reason: string }) => {
    reasons.push(reason);
    return holdpoint.token("ana", { expiresIn: "1h" });
  };
  using store = startStore(holdpoint, "ana", { getToken });
  using _list = watch(store.observeList(pending));
  await expect.poll(stateOf(store)).toBe("live");
  serverClock.advance(2 * 3_600_000);
  await expect.poll(() => reasons).toEqual(["connect", "expiring"]);
  await holdpoint.request({ title: "Refund order 7" });
  await expect.poll(titlesOf(store)).toEqual(["Refund order 7"]);
});

test("refused credentials say so and are asked for again until they are taken", async () => {
  await using holdpoint = await startTestHoldpoint();
  let token: Promise<string> | string = "forged";
  using store = startStore(holdpoint, "ana", { getToken: () => token });
  const states = statesOf(store);
  await expect.poll(stateOf(store)).toBe("unauthorized");
  token = holdpoint.token("ana");
  await expect.poll(stateOf(store)).toBe("live");
  expect(states).toEqual(["connecting", "unauthorized", "live"]);
});

test("a token endpoint that fails for a while doesn't end the attempts", async () => {
  await using holdpoint = await startTestHoldpoint();
  let failures = 3;
  const getToken = () => {
    if (failures-- > 0) throw new Error("sign-in is down");
    return holdpoint.token("ana");
  };
  using store = startStore(holdpoint, "ana", { getToken });
  await expect.poll(stateOf(store)).toBe("live");
});

test("a page that is shown again after a silence catches up at once", async () => {
  await using holdpoint = await startTestHoldpoint();
  const clock = createManualClock();
  const wakes = new Set<() => void>();
  const environment = {
    online: () => true,
    onWake: (listener: () => void) => {
      wakes.add(listener);
      return () => wakes.delete(listener);
    },
    onOffline: () => () => undefined,
  };
  using store = startStore(holdpoint, "ana", { clock, environment });
  await expect.poll(stateOf(store)).toBe("live");
  const synced = store.connection.get().lastSyncAt;
  clock.advance(6_000);
  for (const wake of wakes) wake();
  await expect.poll(() => store.connection.get().lastSyncAt).toBe((synced ?? 0) + 6_000);
  store.stop();
  expect(wakes.size).toBe(0);
});

test("a page without a network says so, and is live again when it is back", async () => {
  await using holdpoint = await startTestHoldpoint();
  await using link = await openTestLink(holdpoint.origin);
  let online = true;
  const listeners = { wake: () => {}, offline: () => {} };
  const environment = {
    online: () => online,
    onWake: (listener: () => void) => {
      listeners.wake = listener;
      return () => undefined;
    },
    onOffline: (listener: () => void) => {
      listeners.offline = listener;
      return () => undefined;
    },
  };
  using store = startStore({ ...holdpoint, url: link.url }, "ana", { environment });
  await expect.poll(stateOf(store)).toBe("live");
  online = false;
  listeners.offline();
  expect(store.connection.get().state).toBe("offline");
  link.cut("closed");
  online = true;
  link.open();
  listeners.wake();
  await expect.poll(stateOf(store)).toBe("live");
});
