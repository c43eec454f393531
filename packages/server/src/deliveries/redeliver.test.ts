import { DeliveryError, durationMs } from "@holdpoint/core";
import { describe, expect, test, vi } from "vitest";
import { isoTime } from "../iso-time.ts";
import { testDatabases } from "../store/test-databases.ts";
import { type DeliveryRow, removeExpired } from "./deliveries-table.ts";
import { redeliver } from "./redeliver.ts";
import { recordingChannel } from "./test-channel.ts";
import { host, startTestOutbox, type TestOutbox } from "./test-outbox.ts";

const toOps = { channels: ["ops"] };

/** What each delivery tells of, and where it stands, oldest first. */
const standing = (rows: DeliveryRow[]) => rows.map(({ cause, status }) => `${cause} ${status}`);

function again({ node }: TestOutbox, row: DeliveryRow | undefined) {
  return redeliver(node.ctx, host, row?.id ?? "");
}

describe.each(testDatabases)("redelivering on $name", (kind) => {
  test("who was asked hears the end, also when the ask was being sent again as it was decided", async () => {
    const ops = recordingChannel(async ({ cause }) => ({ ref: cause }));
    let claimed = async (): Promise<unknown> => undefined;
    const failpoint = (name: string) => (name === "after-delivery-claim" ? claimed().then(() => undefined) : undefined);
    await using outbox = await startTestOutbox(kind, { channels: { ops }, failpoint });
    const approval = await outbox.request(toOps);
    const [asked] = await outbox.deliveries();
    const decided = new Promise<void>((resolve, reject) => {
      claimed = async () => {
        claimed = async () => undefined;
        await outbox.approve(approval).then(() => resolve(), reject);
      };
    });
    await again(outbox, asked);
    await decided;
    expect(standing(await outbox.deliveries())).toEqual(["requested dropped", "resolved delivered"]);
    expect(ops.sent.at(-1)).toMatchObject({ cause: "resolved", refs: ["requested"] });
  });

  test("an ask of an approval that has ended is refused and stays as it was; its end can be told again", async () => {
    const ops = recordingChannel();
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const approval = await outbox.request(toOps);
    await outbox.deliveries();
    await outbox.approve(approval);
    const [asked, ended] = await outbox.deliveries();
    await expect(again(outbox, asked)).rejects.toMatchObject({
      code: "already_resolved",
      message: expect.stringContaining(approval.id),
    });
    await again(outbox, ended);
    expect(standing(await outbox.deliveries())).toEqual(["requested delivered", "resolved delivered"]);
    expect(ops.causes()).toEqual(["requested", "resolved", "resolved"]);
  });

  test("an end that was given up can be told for as long as it is kept", async () => {
    let revoked = false;
    const ops = recordingChannel(async () => {
      if (revoked) throw new DeliveryError("The token was revoked.", { permanent: true });
      return { ref: "message-7" };
    });
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    const approval = await outbox.request(toOps);
    await outbox.deliveries();
    revoked = true;
    await outbox.approve(approval);
    const [, ended] = await outbox.deliveries((rows) =>
      expect(standing(rows)).toEqual(["requested delivered", "resolved parked"]),
    );
    outbox.clock.advance(durationMs("8d"));
    await outbox.node.store.write((tx) => removeExpired(tx, isoTime(outbox.clock.now()), 100));
    revoked = false;
    await again(outbox, ended);
    expect(standing(await outbox.deliveries())).toEqual(["requested delivered", "resolved delivered"]);
    expect(ops.sent.at(-1)).toMatchObject({ cause: "resolved", refs: ["message-7"] });
  });

  test("an end that is told again hears where people were asked, however long that takes", async () => {
    let trouble: DeliveryError | undefined;
    const ops = recordingChannel(async () => {
      if (trouble) throw trouble;
      return { ref: "message-7" };
    });
    await using outbox = await startTestOutbox(kind, { channels: { ops }, deliveries: { schedule: ["2d"] } });
    const approval = await outbox.request(toOps);
    await outbox.deliveries();
    trouble = new DeliveryError("The token was revoked.", { permanent: true });
    await outbox.approve(approval);
    const [, ended] = await outbox.deliveries((rows) =>
      expect(standing(rows)).toEqual(["requested delivered", "resolved parked"]),
    );
    outbox.clock.advance(durationMs("89d"));
    trouble = new DeliveryError("The service is down.");
    await again(outbox, ended);
    await outbox.deliveries((rows) => expect(rows.at(-1)).toMatchObject({ error: "The service is down." }));
    outbox.clock.advance(durationMs("1d12h"));
    await outbox.node.store.write((tx) => removeExpired(tx, isoTime(outbox.clock.now()), 100));
    trouble = undefined;
    outbox.clock.advance(durationMs("1d"));
    expect(standing(await outbox.deliveries())).toEqual(["requested delivered", "resolved delivered"]);
    expect(ops.sent.at(-1)).toMatchObject({ cause: "resolved", refs: ["message-7"] });
    const kept = (await outbox.deliveries()).map(({ expires_at }) => expires_at);
    expect(kept).toEqual([kept[1], expect.any(String)]);
  });

  test("an ask that is sent again has none sent twice that is being made behind it", async () => {
    let trouble: DeliveryError | undefined = new DeliveryError("The token was revoked.", { permanent: true });
    const answer = Promise.withResolvers<undefined>();
    const ops = recordingChannel(({ cause }) => {
      if (cause === "reminded") return answer.promise;
      return trouble ? Promise.reject(trouble) : undefined;
    });
    await using outbox = await startTestOutbox(kind, { channels: { ops } });
    await outbox.request({ ...toOps, ladder: [{ after: "1h", remind: true }] });
    const [asked] = await outbox.deliveries((rows) => expect(standing(rows)).toEqual(["requested parked"]));
    outbox.clock.advance(durationMs("1h"));
    await vi.waitFor(() => expect(ops.causes()).toEqual(["requested", "reminded"]), { timeout: 60_000, interval: 5 });
    trouble = undefined;
    await again(outbox, asked);
    await outbox.deliveries((rows) => expect(standing(rows)).toEqual(["requested delivered", "reminded pending"]));
    answer.resolve(undefined);
    const rows = await outbox.deliveries();
    expect(rows.map(({ attempts }) => Number(attempts))).toEqual([1, 1]);
    expect(ops.causes()).toEqual(["requested", "reminded", "requested"]);
  });

  test("a destination goes to no channel that is only named like its type", async () => {
    const email = recordingChannel();
    await using outbox = await startTestOutbox(kind, { channels: { email } });
    await outbox.request({ destinations: [{ type: "email", email: "ana@example.com" }] });
    const [parked] = await outbox.deliveries();
    await again(outbox, parked);
    expect(await outbox.deliveries()).toMatchObject([
      { status: "parked", error: 'No channel for destinations of type "email" is configured.' },
    ]);
    expect(email.sent).toEqual([]);
  });
});
