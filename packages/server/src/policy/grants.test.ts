// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import {
  type Approval,
  type ApprovalRequest,
  definePolicy,
  type Grant,
  type LogEvent,
  type Page,
  type PolicyExplanation,
  type Remember,
  workflow,
} from "@holdpoint/core";
import { describe, expect, test, vi } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { createManualClock, startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

const email: ApprovalRequest = {
  title: "Send email",
  action: { name: "email.send", args: { to: "bo" } },
  allow: ["approve", "edit", "reject"],
};

/** Ana approves a request and asks for that to be remembered. */
async function remembers(server: TestHoldpoint, remember: Remember, request = email): Promise<Approval> {
  const asked = await server.request(request);
  return server.as("ana").respond(asked, { type: "approve", digest: asked.digest, remember });
}

/** Where the log says that something happened. */
async function seqOf(server: TestHoldpoint, id: string, type: string): Promise<number> {
  const events = await server.as("eve", { role: "auditor" }).get<Page<LogEvent>>(`/approvals/${id}/events`);
  return events.items.find((event) => event.type === type)?.seq ?? Number.NaN;
}

const grantsOf = (server: TestHoldpoint, id = "ana") => server.as(id).get<Page<Grant>>("/grants");

describe.each(testDatabases)("a remembered grant on $name", (kind) => {
  test("approves the same action again, and says in the log whose grant it was", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    const first = await remembers(server, { for: "1h" });
    const id = first.decisions[0]?.remembered;
    const again = await server.request(email);
    expect(again).toMatchObject({
      status: "approved",
      decisions: [{ via: "policy", grant: { id, by: { id: "ana" } } }],
    });
    expect(await server.eventTypes(first)).toEqual([
      "approval.requested",
      "grant.given",
      "decision.recorded",
      "approval.resolved",
    ]);
    expect(await server.eventTypes(again)).toEqual(["approval.requested", "decision.recorded", "approval.resolved"]);
    expect((await grantsOf(server)).items).toMatchObject([{ id, uses: 1, action: "email.send", match: "args" }]);
  });

  test("for ten times is for ten of thirty requests that come at once", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    await remembers(server, { for: { times: 10 } });
    const asked = await Promise.all(Array.from({ length: 30 }, () => server.request(email)));
    expect(asked.filter(({ status }) => status === "approved")).toHaveLength(10);
    expect((await grantsOf(server)).items).toMatchObject([{ uses: 10, maxUses: 10 }]);
  });

  test("isn't used twice by a request that is repeated with its key", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    await remembers(server, { for: { times: 2 } });
    const first = await server.request({ ...email, key: "order-7" });
    expect(await server.request({ ...email, key: "order-7" })).toEqual(first);
    expect((await grantsOf(server)).items).toMatchObject([{ uses: 1 }]);
  });

  test("holds until it is revoked, and not a request longer", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    const { id: approvalId, decisions } = await remembers(server, { for: "1h" });
    const id = decisions[0]?.remembered;
    const revoked = await server.as("ana").post<Grant>(`/grants/${id}/revoke`);
    expect(revoked).toMatchObject({ revokedBy: { id: "ana" } });
    expect(await server.request(email)).toMatchObject({ status: "pending" });
    expect(await server.as("ana").post(`/grants/${id}/revoke`)).toEqual(revoked);
    expect((await server.eventTypes({ id: approvalId })).filter((type) => type === "grant.revoked")).toHaveLength(1);
  });

  test("approves nothing after its revocation, however many requests come at the same time", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    const { id: approvalId, decisions } = await remembers(server, { for: "1h" });
    const id = decisions[0]?.remembered ?? "";
    const some = () => Array.from({ length: 20 }, () => server.request(email));
    const early = some();
    const revoking = server.as("ana").post<Grant>(`/grants/${id}/revoke`);
    const meanwhile = some();
    await revoking;
    const late = await Promise.all(some());
    expect(late.map(({ status }) => status)).toEqual(late.map(() => "pending"));
    const before = await Promise.all([...early, ...meanwhile]);
    const approved = before.filter(({ status }) => status === "approved");
    expect((await grantsOf(server)).items).toMatchObject([{ uses: approved.length }]);
    const revokedAt = await seqOf(server, approvalId, "grant.revoked");
    for (const one of approved) expect(await seqOf(server, one.id, "approval.resolved")).toBeLessThan(revokedAt);
  });

  test("holds for its time by the server's clock", async () => {
    const clock = createManualClock();
    await using server = await startTestHoldpoint({ database: await kind.create(), clock });
    await remembers(server, { for: "1h" });
    clock.advance(3_599_999);
    expect(await server.request(email)).toMatchObject({ status: "approved" });
    clock.advance(1);
    expect(await server.request(email)).toMatchObject({ status: "pending" });
  });

  test("is listed to who gave it and to admins, a page at a time, and revoked by nobody else", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    const given = [
      await remembers(server, { for: "1h" }),
      await remembers(server, { for: "2h", match: "action" }, { ...email, risk: "high" }),
    ];
    const ids = given.map(({ decisions }) => decisions[0]?.remembered);
    const page = await server.as("root", { role: "admin" }).get<Page<Grant>>("/grants?limit=1");
    const next = await server.as("root", { role: "admin" }).get<Page<Grant>>(`/grants?cursor=${page.nextCursor}`);
    expect([...page.items, ...next.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect((await grantsOf(server, "bo")).items).toEqual([]);
    await expect(server.as("bo").post(`/grants/${ids[0]}/revoke`)).rejects.toMatchObject({ code: "not_found" });
    const stranger = server.as("root", { role: "admin", tenant: "other" });
    await expect(stranger.post(`/grants/${ids[0]}/revoke`)).rejects.toMatchObject({ code: "not_found" });
    await expect(server.as("agent", { role: "requester" }).get("/grants")).rejects.toMatchObject({ code: "forbidden" });
    expect(await server.as("root", { role: "admin" }).post(`/grants/${ids[0]}/revoke`)).toMatchObject({
      revokedBy: { id: "root" },
    });
  });

  test("is nothing to another tenant", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    const asks = (tenant: string) => server.as("agent", { role: "requester", tenant }).request(email);
    const asked = await asks("acme");
    const { digest } = asked;
    await server.as("ana", { tenant: "acme" }).respond(asked, { type: "approve", digest, remember: { for: "1h" } });
    expect([(await asks("acme")).status, (await asks("other")).status]).toEqual(["approved", "pending"]);
    const listed = async (tenant: string) =>
      (await server.as("root", { role: "admin", tenant }).get<Page<Grant>>("/grants")).items.length;
    expect([await listed("acme"), await listed("other")]).toEqual([1, 0]);
  });

  test("that can't be given leaves the approval undecided", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create() });
    const critical = remembers(server, { for: "1h" }, { ...email, risk: "critical" });
    await expect(critical).rejects.toMatchObject({ code: "decision_not_allowed" });
    expect(await server.as("ana").inbox()).toMatchObject([{ status: "pending", decisions: [] }]);
    expect((await grantsOf(server)).items).toEqual([]);
  });
});

test("what is remembered for a run isn't for its owner to use from outside", async () => {
  const requestedBy = { id: "bot", kind: "agent" } as const;
  const twice = workflow("twice", { version: 1 }, async (run) => {
    const first = await run.approval("ask", { ...email, requestedBy });
    return [first.status, (await run.approval("ask again", { ...email, requestedBy })).status];
  });
  await using server = await startTestHoldpoint({ workflows: [twice] });
  const olga = server.as("olga");
  const run = await olga.startRun({ workflow: "twice", input: null });
  const asked = await vi.waitUntil(async () => (await server.as("ana").inbox()).at(0), { timeout: 60_000 });
  const remember: Remember = { for: "run", match: "action" };
  await server.as("ana").respond(asked, { type: "approve", digest: asked.digest, remember });
  await expect.poll(async () => (await olga.run(run.id)).output).toEqual(["approved", "approved"]);
  const forged = { ...email, requestedBy, source: asked.source };
  expect(await olga.request(forged)).toMatchObject({ status: "pending" });
  const underItsKey = olga.request({ ...forged, key: `${run.id}:ask #2` });
  await expect(underItsKey).rejects.toMatchObject({ code: "invalid_request", details: [{ pointer: "/key" }] });
});

test("in process, too, requesters neither list nor revoke grants", async () => {
  await using server = await startTestHoldpoint();
  const { decisions } = await remembers(server, { for: "1h" });
  const { grants } = server.holdpoint.policy.as({ id: "ana", tenantId: "default", groups: [], role: "requester" });
  await expect(grants.list()).rejects.toMatchObject({ code: "forbidden" });
  await expect(grants.revoke(decisions[0]?.remembered ?? "")).rejects.toMatchObject({ code: "forbidden" });
});

test("a grant stands back behind a policy that rejects", async () => {
  const rules: Parameters<typeof definePolicy>[0][number][] = [];
  await using server = await startTestHoldpoint({ policy: () => definePolicy(rules) });
  await remembers(server, { for: "1h" });
  rules.push({ name: "stop", when: { action: "email.*" }, then: { reject: "Stopped" } });
  expect(await server.request(email)).toMatchObject({ status: "rejected", decisions: [{ rule: "stop" }] });
  expect((await grantsOf(server)).items).toMatchObject([{ uses: 0 }]);
});

describe("a dry run", () => {
  const policy = definePolicy([
    { name: "small", when: { args: { "/amount": { lt: 10 } } }, then: { approve: true } },
    { name: "large", when: { args: { "/amount": { gt: 99 } } }, then: { require: { risk: "high" } } },
  ]);
  const pay = (amount: number): ApprovalRequest => ({ title: "Pay", action: { name: "pay", args: { amount } } });
  const dryRun = (server: TestHoldpoint, request: ApprovalRequest) =>
    server.as("agent", { role: "requester" }).post<PolicyExplanation>("/policy/dry-run", request);

  test("says which rules would apply, and stores nothing", async () => {
    await using server = await startTestHoldpoint({ policy });
    expect(await dryRun(server, pay(5))).toMatchObject({
      verdict: "approve",
      rule: "small",
      approval: { status: "approved" },
    });
    expect(await dryRun(server, pay(500))).toMatchObject({
      verdict: "ask",
      requiredBy: ["large"],
      approval: { risk: "high" },
    });
    expect((await server.as("root", { role: "admin" }).get<Page<Approval>>("/approvals")).items).toEqual([]);
  });

  test("says which grant would let it through, without using it", async () => {
    await using server = await startTestHoldpoint({ policy });
    const { decisions } = await remembers(server, { for: { times: 1 } });
    const grant = { id: decisions[0]?.remembered, by: { id: "ana" } };
    expect(await dryRun(server, email)).toMatchObject({ verdict: "approve", grant });
    expect((await grantsOf(server)).items).toMatchObject([{ uses: 0 }]);
  });

  test("is for one's own requests, and for all to an admin and to the host", async () => {
    await using server = await startTestHoldpoint({ policy });
    const request: ApprovalRequest = { ...pay(5), requestedBy: { id: "other", kind: "agent" } };
    await expect(dryRun(server, request)).rejects.toMatchObject({ code: "forbidden" });
    expect(await server.as("root", { role: "admin" }).post("/policy/dry-run", request)).toMatchObject({
      rule: "small",
    });
    expect(await server.holdpoint.policy.explain(request)).toMatchObject({ rule: "small" });
    await expect(server.as("eve", { role: "auditor" }).post("/policy/dry-run", pay(5))).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
