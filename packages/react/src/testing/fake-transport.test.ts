import type { CloseReason, LiveListener } from "@holdpoint/client";
import { type ChangesFrame, HoldpointError } from "@holdpoint/core";
import { expect, test } from "vitest";
import { createFakeTransport, type FakeTransport } from "./fake-transport.ts";
import { people } from "./people.ts";
import { deleteCustomer, outreachEmail, refund } from "./sample-requests.ts";

interface Heard extends LiveListener {
  opening: Promise<void>;
  closing: Promise<CloseReason>;
  frames: ChangesFrame[];
}

function listener(): Heard {
  const opening = Promise.withResolvers<void>();
  const closing = Promise.withResolvers<CloseReason>();
  const frames: ChangesFrame[] = [];
  return {
    opening: opening.promise,
    closing: closing.promise,
    frames,
    opened: opening.resolve,
    closed: closing.resolve,
    frame: (frame) => frames.push(frame),
    head() {},
    notice() {},
  };
}

function pending(transport: FakeTransport) {
  return transport.request("listApprovals", { query: { status: ["pending"] } });
}

test("seeds are there before the first answer, newest first", async () => {
  const seeds = [{ request: refund, age: "6m" }, { request: outreachEmail }];
  const { items } = await pending(createFakeTransport({ seeds }));
  expect(items.map(({ title }) => title)).toEqual([outreachEmail.title, refund.title]);
});

test("a change made before anybody subscribes is in the snapshot, a later one comes as a frame that continues it", async () => {
  const transport = createFakeTransport({ seeds: [{ request: refund, age: "6m" }] });
  await transport.ask(outreachEmail);
  const heard = listener();
  const line = transport.connect(heard, "connect");
  await heard.opening;
  const answer = await line.subscribe();
  expect("snapshot" in answer && answer.snapshot.approvals).toHaveLength(2);
  await transport.ask(deleteCustomer);
  expect(heard.frames).toHaveLength(1);
  expect(heard.frames[0]).toMatchObject({ from: answer.streams.visible, changes: [{ type: "approval.requested" }] });
});

test("a cursor brings what came since", async () => {
  const transport = createFakeTransport();
  const { cursor } = await transport.request("getChanges", { query: {} });
  const asked = await transport.ask(deleteCustomer);
  await transport.decideAs(people.kim, asked.id, { type: "reject", comment: "Open invoices" });
  const answer = await transport.request("getChanges", { query: { since: cursor } });
  expect("changes" in answer && answer.changes.map(({ type }) => type)).toEqual([
    "approval.requested",
    "decision.recorded",
    "approval.resolved",
  ]);
});

test("offline ends connections and fails requests until the network is back", async () => {
  const transport = createFakeTransport();
  const heard = listener();
  transport.connect(heard, "connect");
  await heard.opening;
  transport.goOffline();
  expect(await heard.closing).toBe("lost");
  await expect(pending(transport)).rejects.toMatchObject({ code: "unavailable" });
  const refused = listener();
  transport.connect(refused, "connect");
  expect(await refused.closing).toBe("unreachable");
  transport.reconnect();
  await expect(pending(transport)).resolves.toEqual({ items: [] });
});

test("an expired token is refused everywhere until it is renewed", async () => {
  const transport = createFakeTransport();
  transport.expireToken();
  const heard = listener();
  transport.connect(heard, "connect");
  expect(await heard.closing).toBe("refused");
  await expect(pending(transport)).rejects.toMatchObject({ code: "unauthenticated" });
  transport.renewToken();
  await expect(pending(transport)).resolves.toEqual({ items: [] });
});

test("a fault hits the next request to its route, once", async () => {
  const transport = createFakeTransport();
  transport.failNext(new HoldpointError("rate_limited", "Too many requests."), "listApprovals");
  await transport.request("getCounts", {});
  await expect(pending(transport)).rejects.toMatchObject({ code: "rate_limited" });
  await expect(pending(transport)).resolves.toEqual({ items: [] });
});

test("held requests are answered when they are let go", async () => {
  const transport = createFakeTransport({ seeds: [{ request: deleteCustomer }] });
  const { id, digest } = await transport.find("Nordwind");
  const release = transport.hold();
  const responding = transport.request("respond", { params: { id }, headers: {}, body: { type: "reject", digest } });
  expect((await transport.find("Nordwind")).status).toBe("pending");
  release();
  expect((await responding).status).toBe("rejected");
});

test("a deadline that the clock runs past is a time-out", async () => {
  const transport = createFakeTransport({ seeds: [{ request: refund, age: "6m" }] });
  const { id } = await transport.find("Refund");
  await transport.timeOut(id);
  expect((await transport.find("Refund")).status).toBe("timed_out");
});
