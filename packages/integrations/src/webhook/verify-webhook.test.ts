import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { signedHeaders } from "./post-webhook.ts";
import { secret } from "./test-receiver.ts";
import { verifyWebhook } from "./verify-webhook.ts";

const other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const body = '{"type":"approval.resolved","timestamp":"2026-01-01T00:00:00.000Z","data":{}}';

test("signatures are those of Standard Webhooks, by its own vector", () => {
  const at = new Date(1_614_265_330_000);
  const signature = new Webhook(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}');
  expect(signature).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("a message is accepted with any of the secrets while they are being replaced", () => {
  const headers = signedHeaders({ secret: [other, secret] }, "dlv_1", body);
  expect(headers["webhook-signature"].split(" ")).toHaveLength(2);
  for (const known of [secret, other, ["whsec_bm90IHRoaXMgb25l", secret]]) {
    expect(verifyWebhook({ body, headers }, known)).toMatchObject({ id: "dlv_1", type: "approval.resolved" });
  }
});

test("a message is accepted as bytes, with headers in any case", () => {
  const headers = Object.entries(signedHeaders({ secret }, "dlv_1", body)).map(([name, value]) => [
    name.toUpperCase(),
    value,
  ]);
  expect(verifyWebhook({ body: new TextEncoder().encode(body), headers: Object.fromEntries(headers) }, secret).id).toBe(
    "dlv_1",
  );
});

const signed = signedHeaders({ secret }, "dlv_1", body);
const old = new Date(Date.now() - 6 * 60_000);

test.each([
  ["another body", { body: body.replace("resolved", "rejected"), headers: signed }],
  ["another id", { body, headers: { ...signed, "webhook-id": "dlv_2" } }],
  ["no headers", { body, headers: {} }],
  ["another secret", { body, headers: signedHeaders({ secret: other }, "dlv_1", body) }],
  [
    "a time more than five minutes ago",
    {
      body,
      headers: {
        "webhook-id": "dlv_1",
        "webhook-timestamp": String(Math.floor(old.getTime() / 1_000)),
        "webhook-signature": new Webhook(secret).sign("dlv_1", old, body),
      },
    },
  ],
])("a message with %s is refused", (_what, message) => {
  expect(() => verifyWebhook(message, secret)).toThrow(expect.objectContaining({ code: "unauthenticated" }));
});
