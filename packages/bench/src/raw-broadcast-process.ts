import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { answerUsage } from "./usage.ts";

/** A bare Socket.IO server in a process of its own: every message from the parent is broadcast to all sockets. */
const http = createServer();
const io = new Server(http, { transports: ["websocket"] });
http.listen(0, "127.0.0.1", () => process.send?.({ port: (http.address() as AddressInfo).port }));
answerUsage();
process.on("message", async (message: { broadcast: unknown } | "stop" | "usage") => {
  if (message === "usage") return;
  if (message !== "stop") return io.emit("changes", message.broadcast);
  await io.close();
  process.disconnect();
});
