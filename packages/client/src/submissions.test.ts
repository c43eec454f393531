import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { startStore, watch } from "./test-store.ts";

/** A line on which answers to responses wait until they are let through, or are lost. */
function heldLine() {
  const gates: PromiseWithResolvers<void>[] = [];
  const keys: (string | null)[] = [];
  const held: typeof fetch = async (url, init) => {
    const answer = await fetch(url, init);
    if (init?.method !== "POST") return answer;
    keys.push(new Headers(init.headers).get("idempotency-key"));
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
    return answer;
  };
  return { fetch: held, gates, keys };
}

test("a response shows as pending, not as decided, until the server has acknowledged it", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7", reviewers: { users: ["ana"] } });
  const line = heldLine();
  using store = startStore(holdpoint, "ana", { fetch: line.fetch });
  const observed = store.observeApproval(approval.id);
  using _approval = watch(observed);
  await expect.poll(() => observed.get().status).toBe("ready");
  store.stop();
  const response = { type: "approve", digest: approval.digest } as const;
  const responding = store.respond(approval.id, response);
  expect(observed.get()).toMatchObject({ approval: { status: "pending" }, pending: { response } });
  await expect.poll(() => line.gates).toHaveLength(1);
  expect(observed.get().approval?.status).toBe("pending");
  line.gates[0]?.resolve();
  await responding;
  expect(observed.get()).toMatchObject({ approval: { status: "approved" }, pending: undefined });
});

test("who loses a race sees the outcome and who decided, and nothing is pending any more", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7" });
  using store = startStore(holdpoint, "ana");
  const observed = store.observeApproval(approval.id);
  using _approval = watch(observed);
  await expect.poll(() => observed.get().status).toBe("ready");
  await holdpoint.as("bo", { name: "Bo" }).reject(approval, "Too much");
  const lost = store.respond(approval.id, { type: "approve", digest: approval.digest });
  await expect(lost).rejects.toMatchObject({ code: "already_resolved" });
  expect(observed.get()).toMatchObject({ pending: undefined, error: { code: "already_resolved" } });
  await expect.poll(() => observed.get().approval?.outcome?.decidedBy).toMatchObject([{ id: "bo", name: "Bo" }]);
  store.dismissError(approval.id);
  expect(observed.get().error).toBeUndefined();
});

test("arguments that the server refuses leave the approval as it is, with the fields at fault", async () => {
  await using holdpoint = await startTestHoldpoint();
  const schema = { type: "object", properties: { amount: { type: "number", maximum: 100 } } };
  const action = { name: "refund", args: { amount: 50 }, schema };
  const approval = await holdpoint.request({ title: "Refund order 7", action, allow: ["approve", "edit"] });
  using store = startStore(holdpoint, "ana");
  const observed = store.observeApproval(approval.id);
  using _approval = watch(observed);
  const editing = store.respond(approval.id, { type: "edit", digest: approval.digest, args: { amount: 500 } });
  await expect(editing).rejects.toMatchObject({ code: "invalid_args", details: [{ pointer: "/amount" }] });
  await expect.poll(() => observed.get()).toMatchObject({ approval: { status: "pending" }, pending: undefined });
});

test("a response is sent with its key again after the line broke, and counts once", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7", reviewers: { quorum: 2 } });
  const line = heldLine();
  using store = startStore(holdpoint, "ana", { fetch: line.fetch });
  const broken = store.respond(approval.id, { type: "approve", digest: approval.digest });
  for (let attempt = 0; attempt < 3; attempt++) {
    await expect.poll(() => line.gates.length).toBe(attempt + 1);
    line.gates[attempt]?.reject(new TypeError("the line broke"));
  }
  await expect(broken).rejects.toMatchObject({ code: "unavailable" });
  const again = store.respond(approval.id, { type: "approve", digest: approval.digest });
  await expect.poll(() => line.gates.length).toBe(4);
  line.gates[3]?.resolve();
  expect((await again).decisions).toHaveLength(1);
  expect(new Set(line.keys).size).toBe(1);
});

test("the newest of several responses is the one that shows, and its end the one that counts", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approval = await holdpoint.request({ title: "Refund order 7", reviewers: { users: ["ana"] } });
  const line = heldLine();
  using store = startStore(holdpoint, "ana", { fetch: line.fetch });
  const observed = store.observeApproval(approval.id);
  using _approval = watch(observed);
  const first = store.respond(approval.id, { type: "reject", digest: "0".repeat(64) });
  await expect.poll(() => line.gates.length).toBe(1);
  const second = store.respond(approval.id, { type: "approve", digest: approval.digest });
  await expect.poll(() => line.gates.length).toBe(2);
  expect(observed.get().pending?.response).toMatchObject({ type: "approve" });
  line.gates[0]?.resolve();
  await expect(first).rejects.toMatchObject({ code: "digest_mismatch" });
  expect(observed.get()).toMatchObject({ pending: { response: { type: "approve" } }, error: undefined });
  line.gates[1]?.resolve();
  expect((await second).status).toBe("approved");
  expect(observed.get()).toMatchObject({ pending: undefined, error: undefined });
});

test("many approvals get one response, each with a result of its own", async () => {
  await using holdpoint = await startTestHoldpoint();
  const approvals = await Promise.all(
    Array.from({ length: 205 }, (_, i) => holdpoint.holdpoint.approvals.request({ title: `Refund ${i}` })),
  );
  const [gone] = approvals;
  if (gone) await holdpoint.as("bo").reject(gone);
  using store = startStore(holdpoint, "ana");
  const failed = store.observeApproval(gone?.id ?? "");
  using _failed = watch(failed);
  const items = approvals.map(({ id, digest }) => ({ id, digest }));
  const results = await store.bulkRespond({ items, type: "approve" });
  expect(results.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  expect(results.filter(({ ok }) => ok)).toHaveLength(204);
  expect(failed.get().error?.code).toBe("already_resolved");
  expect(await holdpoint.as("ana").inbox()).toEqual([]);
});
