import { type Approval, type LogEvent, type Page, workflow } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectViewer } from "../live/test-viewer.ts";
import { testDatabases } from "../store/test-databases.ts";
import { startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

const mail = {
  title: "Send the offer",
  action: { name: "send", args: { subject: "Hello" } },
  allow: ["approve" as const, "edit" as const, "reject" as const],
};
const asks = workflow("asks", { version: 1 }, async (run) => (await run.approval("ask", mail)).status);
const admin = { role: "admin" as const };

describe.each(testDatabases)("rules on $name", ({ create }) => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint({ database: await create(), workflows: [asks] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const history = async ({ id }: Approval) =>
    (await server.as("auditor", { role: "auditor" }).get<Page<LogEvent>>(`/approvals/${id}/events`)).items;

  test("the requester, and the owner of the API key that asked, don't decide, whatever the request says", async () => {
    const key = await server.holdpoint.apiKeys.create({ name: "Billing bot", role: "requester", ownerId: "ana" });
    const asked = await fetch(`${server.url}/approvals`, {
      method: "POST",
      headers: { authorization: `Bearer ${key.secret}`, "content-type": "application/json" },
      body: JSON.stringify({ ...mail, requestedBy: { id: "billing-bot", kind: "agent" } }),
    });
    const byKey = (await asked.json()) as Approval;
    const own = await server.as("ana").request(mail);
    for (const approval of [byKey, own]) {
      const decisions = [server.as("ana"), server.as("ana", admin)].flatMap((ana) => [
        ana.approve(approval),
        ana.edit(approval, { subject: "Hi" }),
        ana.respond(approval, { approved: true }),
        ana.post(`/approvals/${approval.id}/claim`),
      ]);
      const refused = (await Promise.allSettled(decisions)).map((one) => one.status === "rejected" && one.reason.code);
      expect(refused).toEqual(Array.from({ length: 8 }, () => "self_approval"));
      expect((await server.as("bo").approve(approval)).status).toBe("approved");
    }
  });

  test("a run's owner doesn't decide what it asks for", async () => {
    const started = await server.as("ana").startRun({ workflow: "asks", input: null });
    const asked = await vi.waitUntil(async () => (await server.as("bo").inbox()).at(0), { timeout: 60_000 });
    expect(asked.source?.runId).toBe(started.id);
    for (const ana of [server.as("ana"), server.as("ana", admin)]) {
      await expect(ana.approve(asked)).rejects.toMatchObject({ code: "self_approval" });
      await expect(ana.reject(asked, "No")).rejects.toMatchObject({ code: "self_approval" });
    }
    expect((await server.as("bo").approve(asked)).status).toBe("approved");
  });

  test("nobody comes to decide their own by being named in a reassignment or an escalation", async () => {
    const ladder = [{ after: "1ms", escalate: { users: ["ana", "cy"], replace: true } }];
    const own = await server.as("ana").request({ ...mail, reviewers: { users: ["bo"] }, ladder });
    await expect.poll(async () => (await server.as("ana").approval(own.id)).stages[0]?.users).toEqual(["ana", "cy"]);
    await expect(server.as("ana").approve(own)).rejects.toMatchObject({ code: "self_approval" });
    const reassign = server.as("kim", admin).post(`/approvals/${own.id}/reassign`, { users: ["ana"] });
    await expect(reassign).rejects.toMatchObject({ code: "self_approval" });
    const toOthers = server.as("ana").post(`/approvals/${own.id}/reassign`, { users: ["dee"] });
    await expect(toOthers).rejects.toMatchObject({ code: "self_approval" });
    expect((await server.as("cy").approve(own)).status).toBe("approved");
  });

  test("an edit under a quorum starts the count again, and those who watch see it at once", async () => {
    const reviewers = { users: ["ana", "bo", "cy"], quorum: 2 };
    const approval = await server.request({ ...mail, reviewers });
    using cy = await connectViewer(server, "cy");
    await cy.subscribe();
    await server.as("ana").approve(approval);
    const edited = await server.as("bo").edit(approval, { subject: "Hi" });
    expect(edited).toMatchObject({ status: "pending", revision: 2 });
    const seen = () => cy.frames.flatMap(({ changes }) => changes.map((change) => change.approval)).at(-1);
    await expect.poll(seen).toMatchObject({ revision: 2, digest: edited.digest, action: { args: { subject: "Hi" } } });
    await expect(server.as("cy").approve(approval)).rejects.toMatchObject({
      code: "digest_mismatch",
      details: { digest: edited.digest, revision: 2 },
    });
    const ended = await server.as("ana").approve(edited);
    expect(ended).toMatchObject({ status: "approved", outcome: { args: { subject: "Hi" } } });
    expect(ended.outcome?.decidedBy.map(({ id }) => id)).toEqual(["bo", "ana"]);
  });

  test("one person on several surfaces counts once", async () => {
    const approval = await server.request({ ...mail, reviewers: { users: ["ana", "bo"], quorum: 2 } });
    const { id, digest } = approval;
    const approve = { type: "approve" as const, digest };
    const fromPage = { origin: server.origin };
    await server.as("ana").post(`/approvals/${id}/respond`, approve, fromPage);
    await server.as("ana").post(`/approvals/${id}/respond`, approve);
    const ana = server.holdpoint.approvals.as({ id: "ana", tenantId: "default", groups: [], role: "reviewer" });
    for (const via of ["slack", "email"] as const) await ana.respond(id, { approved: true }, { via });
    const waiting = await server.as("ana").approval(id);
    expect([waiting.status, waiting.decisions.map(({ via }) => via)]).toEqual(["pending", ["ui"]]);
    expect((await server.as("bo").approve(approval)).status).toBe("approved");
  });

  test("two of five, then all of two, then anyone of a group", async () => {
    const approval = await server.request({
      ...mail,
      stages: [
        { users: ["ana", "bo", "cy", "dee"], groups: ["legal"], quorum: 2 },
        { users: ["ana", "bo"], quorum: "all" },
        { groups: ["board"] },
      ],
    });
    const stages: number[] = [];
    for (const person of ["cy", "lou", "bo", "ana"]) {
      const groups = person === "lou" ? ["legal"] : [];
      stages.push((await server.as(person, { groups }).approve(approval)).stage);
    }
    expect(stages).toEqual([0, 1, 1, 2]);
    expect((await server.as("max", { groups: ["board"] }).approve(approval)).status).toBe("approved");
  });

  test("what is done to an approval is in its history, with who did it", async () => {
    const approval = await server.request({ ...mail, reviewers: { users: ["ana"] } });
    const post = (
      person: string,
      verb: string,
      body: object = {},
      role: "admin" | "reviewer" | "requester" = "reviewer",
    ) => server.as(person, { role }).post<Approval>(`/approvals/${approval.id}/${verb}`, body);
    await post("ana", "comments", { text: "Is this the right address?" });
    await post("ana", "claim", { for: "1h" });
    await post("ana", "release");
    await post("ana", "reassign", { users: ["bo"], comment: "I am away" });
    const { outcome } = await server.as("bo").approve(approval);
    await post("agent", "consume", { argsDigest: outcome?.argsDigest }, "requester");
    const events = (await history(approval)).map(({ type, actor, data }) => [type, actor?.id, data]);
    expect(events).toMatchObject([
      ["approval.requested", "agent", {}],
      ["approval.commented", "ana", { text: "Is this the right address?" }],
      ["approval.claimed", "ana", { until: expect.any(String) }],
      ["approval.released", "ana", {}],
      [
        "approval.reassigned",
        "ana",
        { stage: 0, added: { users: ["bo"] }, removed: { users: ["ana"] }, comment: "I am away" },
      ],
      ["decision.recorded", "bo", {}],
      ["approval.resolved", "bo", {}],
      ["approval.consumed", "agent", { argsDigest: outcome?.argsDigest }],
    ]);
  });

  test("a claim that runs out is shown as over to everybody", async () => {
    const approval = await server.request(mail);
    using bo = await connectViewer(server, "bo");
    await bo.subscribe();
    await server.as("ana").post(`/approvals/${approval.id}/claim`, { for: "1ms" });
    const seen = () => bo.frames.flatMap(({ changes }) => changes).at(-1);
    await expect.poll(seen).toMatchObject({ type: "approval.released", approval: { version: 3 } });
    expect(seen()?.approval.claimedBy).toBeUndefined();
    expect((await history(approval)).at(-1)).toMatchObject({ type: "approval.released", data: { expired: true } });
  });

  test("of fifty who consume at once one may execute", async () => {
    const approval = await server.request(mail);
    const { outcome } = await server.as("bo").approve(approval);
    const agent = server.as("agent", { role: "requester" });
    const calls = Array.from({ length: 50 }, () =>
      agent.post(`/approvals/${approval.id}/consume`, { argsDigest: outcome?.argsDigest }),
    );
    const results = await Promise.allSettled(calls);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const one of results) {
      if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "already_consumed", status: 409 });
    }
  });

  test("the key's other services execute what one of them asked for; other people's don't", async () => {
    const { apiKeys } = server.holdpoint;
    const key = async (ownerId: string) => (await apiKeys.create({ name: "Bot", role: "requester", ownerId })).secret;
    const [first, second, foreign] = [await key("ana"), await key("ana"), await key("eve")];
    const post = async (secret: string, path: string, body: object) => {
      const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" };
      const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as Approval };
    };
    const { body: approval } = await post(first, "/approvals", mail);
    const { outcome } = await server.as("bo").approve(approval);
    const consume = (secret: string) =>
      post(secret, `/approvals/${approval.id}/consume`, { argsDigest: outcome?.argsDigest });
    expect([(await consume(foreign)).status, (await consume(second)).status]).toEqual([404, 200]);
  });
});
