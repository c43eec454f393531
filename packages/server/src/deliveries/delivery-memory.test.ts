import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { NotificationChannel } from "@holdpoint/core";
import { expect, test, vi } from "vitest";
import { type TestDatabaseKind, testDatabases } from "../store/test-databases.ts";
import { startTestOutbox } from "./test-outbox.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("what was sent leaves nothing in memory, also when its channel goes on listening to its signal", async () => {
  const signals: WeakRef<AbortSignal>[] = [];
  const ops: NotificationChannel = {
    async send(_notification, { signal }) {
      signals.push(new WeakRef(signal));
      signal.addEventListener("abort", () => signal.throwIfAborted());
      return {};
    },
  };
  await using outbox = await startTestOutbox(testDatabases[0] as TestDatabaseKind, { channels: { ops } });
  for (let n = 0; n < 20; n++) await outbox.request({ channels: ["ops"] });
  await outbox.deliveries();
  expect(signals).toHaveLength(20);
  await vi.waitFor(
    () => {
      collectGarbage();
      expect(signals.filter((signal) => signal.deref() !== undefined)).toHaveLength(0);
    },
    { timeout: 60_000 },
  );
});
