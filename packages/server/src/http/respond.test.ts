import { type Approval, type BulkResult, HoldpointError } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

describe.each(testDatabases)("responding on $name", ({ create }) => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint({ database: await create() });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("of fifty reviewers who decide at once one wins, and the others are told who", async () => {
    const approval = await server.request({ title: "Refund order 7" });
    const reviewers = Array.from({ length: 50 }, (_, i) => server.as(`reviewer-${i}`));
    const results = await Promise.allSettled(
      reviewers.map((reviewer, i) => (i % 2 ? reviewer.approve(approval) : reviewer.reject(approval))),
    );

    const [winner] = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const losers = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(losers).toHaveLength(49);
    const decider = winner?.decisions[0]?.by.id;
    for (const error of losers) {
      expect(error).toBeInstanceOf(HoldpointError);
      expect(error).toMatchObject({ code: "already_resolved", details: { decidedBy: [{ id: decider }] } });
      expect(error.message).toContain(decider);
    }
    expect(await server.eventTypes(approval)).toEqual(["approval.requested", "decision.recorded", "approval.resolved"]);
  });

  test("fifty requests at once with one key create one approval", async () => {
    const ana = server.as("ana");
    const request = { key: "order-8", title: "Refund order 8" };
    const approvals = await Promise.all(Array.from({ length: 50 }, () => ana.request(request)));
    expect(new Set(approvals.map(({ id }) => id)).size).toBe(1);
  });
});

describe("responding", () => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("creating answers 201 at first, 200 for the same body, and 409 for another", async () => {
    const post = (body: object) =>
      server.as("ana").fetch("/approvals", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const first = await post({ key: "order-7", title: "Refund order 7" });
    const again = await post({ key: "order-7", title: "Refund order 7" });
    const other = await post({ key: "order-7", title: "Refund order 8" });
    expect([first.status, again.status, other.status]).toEqual([201, 200, 409]);
    expect(await again.json()).toEqual(await first.json());
    expect(await other.json()).toMatchObject({
      error: { code: "idempotency_conflict", message: expect.stringContaining("order-7") },
    });
  });

  test("the same response with the same Idempotency-Key is recorded once, another is a conflict", async () => {
    const approval = await server.request({ title: "Refund order 7" });
    const respond = (body: object, person = "ana") =>
      server.as(person).post<Approval>(`/approvals/${approval.id}/respond`, body, { "idempotency-key": "click-1" });
    const first = await respond({ type: "approve", digest: approval.digest });
    expect(await respond({ digest: approval.digest, type: "approve" })).toEqual(first);
    await expect(respond({ type: "reject", digest: approval.digest })).rejects.toMatchObject({
      code: "idempotency_conflict",
    });
    await expect(respond({ type: "approve", digest: approval.digest }, "bo")).rejects.toMatchObject({
      code: "already_resolved",
    });
    expect((await server.as("ana").approval(approval.id)).decisions).toHaveLength(1);
  });

  test("the short form records the reason", async () => {
    const approval = await server.request({ title: "Refund order 7" });
    const rejected = await server.as("ana").respond(approval, { approved: false, reason: "Too much" });
    expect(rejected).toMatchObject({ status: "rejected", outcome: { approved: false, reason: "Too much" } });
  });

  test("a decision from a page is recorded as made in the interface, others as made by the API", async () => {
    const [seen, called] = [await server.request({ title: "Refund 7" }), await server.request({ title: "Refund 8" })];
    const fromPage = await server
      .as("ana")
      .post<Approval>(`/approvals/${seen.id}/respond`, { approved: true }, { origin: server.origin });
    const fromScript = await server.as("ana").approve(called);
    expect([fromPage.decisions[0]?.via, fromScript.decisions[0]?.via]).toEqual(["ui", "api"]);
  });

  test("a bulk response decides what it can, and says of each item what became of it", async () => {
    const ana = server.as("ana");
    const titles = ["Refund 1", "Refund 2", "Refund 3"];
    const [good, decided, changed] = await Promise.all(titles.map((title) => server.request({ title })));
    const own = await ana.request({ title: "Refund 4" });
    if (!good || !decided || !changed) throw new Error("not requested");
    await server.as("bo").reject(decided);

    const items = [
      { id: good.id, digest: good.digest },
      { id: decided.id, digest: decided.digest },
      { id: changed.id, digest: "0".repeat(64) },
      { id: own.id, digest: own.digest },
      { id: "apr_unknown", digest: good.digest },
    ];
    const { results } = await ana.post<{ results: BulkResult[] }>("/approvals/respond", { items, type: "approve" });
    expect(results.map((result) => (result.ok ? "ok" : result.error.code))).toEqual([
      "ok",
      "already_resolved",
      "digest_mismatch",
      "self_approval",
      "not_found",
    ]);
    expect(results.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect((await ana.approval(good.id)).status).toBe("approved");
    expect((await ana.approval(changed.id)).status).toBe("pending");
  });

  test("a bulk response of more than 200 items is refused, and none is decided", async () => {
    const approval = await server.request({ title: "Refund order 7" });
    const items = Array.from({ length: 201 }, () => ({ id: approval.id, digest: approval.digest }));
    const bulk = server.as("ana").post("/approvals/respond", { items, type: "approve" });
    await expect(bulk).rejects.toMatchObject({ code: "invalid_request", message: expect.stringContaining("items") });
    expect((await server.as("ana").approval(approval.id)).status).toBe("pending");
  });

  test("an approval's history comes in pages", async () => {
    const ana = server.as("ana");
    const approval = await server.request({ title: "Refund order 7" });
    await ana.approve(approval);
    const types: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await ana.get<{ items: { type: string }[]; nextCursor?: string }>(
        `/approvals/${approval.id}/events?limit=1${cursor}`,
      );
      types.push(...page.items.map(({ type }) => type));
      if (page.nextCursor === undefined) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(types).toEqual(["approval.requested", "decision.recorded", "approval.resolved"]);
  });
});
