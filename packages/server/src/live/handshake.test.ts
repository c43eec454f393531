import { pino } from "pino";
import { expect, test } from "vitest";
import { startTestHoldpoint } from "../testing.ts";
import { connectViewer } from "./test-viewer.ts";

const unauthenticated = { data: { code: "unauthenticated" } };

test("nobody connects without a valid token", async () => {
  await using holdpoint = await startTestHoldpoint();
  await expect(connectViewer(holdpoint, "ana", { auth: {} })).rejects.toMatchObject(unauthenticated);
  await expect(connectViewer(holdpoint, "ana", { token: "forged" })).rejects.toMatchObject(unauthenticated);
  await expect(connectViewer(holdpoint, "ana", { auth: { token: { sub: "ana" } } })).rejects.toMatchObject(
    unauthenticated,
  );
});

test("a token in the query string, which ends up in logs, is not taken", async () => {
  await using holdpoint = await startTestHoldpoint();
  const token = await holdpoint.token("ana");
  await expect(connectViewer(holdpoint, "ana", { auth: {}, query: { token } })).rejects.toMatchObject(unauthenticated);
});

test("what the host throws while signing in stays on the server", async () => {
  const authenticate = () => {
    throw new Error("password of the directory: hunter2");
  };
  await using holdpoint = await startTestHoldpoint({ authenticate, logger: pino({ enabled: false }) });
  const refused = connectViewer(holdpoint, "ana");
  await expect(refused).rejects.toMatchObject({ data: { code: "internal" } });
  await expect(refused).rejects.not.toThrow(/hunter2/);
});

test("the page of another site can't connect, by WebSocket or by polling, unless its origin is allowed", async () => {
  await using holdpoint = await startTestHoldpoint({ allowedOrigins: ["https://app.example.com"] });
  for (const transport of ["websocket", "polling"]) {
    const from = (origin: string) =>
      connectViewer(holdpoint, "ana", { transports: [transport], extraHeaders: { origin } });
    await expect(from("https://evil.example.com")).rejects.toThrow();
    (await from("https://app.example.com"))[Symbol.dispose]();
    (await from(holdpoint.origin))[Symbol.dispose]();
  }
});

test("clients that can't have a WebSocket are served by polling", async () => {
  await using holdpoint = await startTestHoldpoint();
  using ana = await connectViewer(holdpoint, "ana", { transports: ["polling"] });
  await ana.subscribe();
  await holdpoint.request({ title: "Refund order 7" });
  await expect.poll(() => ana.titles()).toEqual(["Refund order 7"]);
});

test("a client can't join rooms, send anything long, or send attachments", async () => {
  await using holdpoint = await startTestHoldpoint();
  using leo = await connectViewer(holdpoint, "leo");
  leo.socket.emit("join" as "subscribe", "group:finance" as never, () => {});
  await leo.subscribe();
  await holdpoint.request({ title: "For finance", reviewers: { groups: ["finance"] } });
  await holdpoint.request({ title: "For all" });
  await expect.poll(() => leo.titles()).toEqual(["For all"]);

  using talker = await connectViewer(holdpoint, "talker");
  talker.socket.emit("subscribe", { cursor: "x".repeat(20_000) }, () => {});
  await talker.disconnected;

  using uploader = await connectViewer(holdpoint, "uploader");
  uploader.socket.emit("subscribe", { cursor: Buffer.from("bytes") as never }, () => {});
  await uploader.disconnected;
});
