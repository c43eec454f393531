import {
  type Approval,
  type Counts,
  type Page,
  type Route,
  type RouteName,
  type Run,
  routes,
  workflow,
} from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestHoldpoint, type TestCaller, type TestHoldpoint } from "../testing.ts";

const refund = workflow("refund", { version: 1 }, async (run, _input: object) => {
  const { approved } = await run.approval("pay", { title: "Refund order 7" });
  return { approved };
});

/** Bodies that the routes with an id would take. */
const bodies: Partial<Record<RouteName, object>> = {
  respond: { approved: true },
  reassignApproval: { users: ["gus"] },
  commentOnApproval: { text: "Hello" },
};

describe("tenants", () => {
  let server: TestHoldpoint;
  let intruder: TestCaller;
  let approval: Approval;
  let run: Run;
  let events: unknown;

  const history = () => server.as("kim", { role: "admin" }).get(`/approvals/${approval.id}/events`);

  beforeAll(async () => {
    server = await startTestHoldpoint({ workflows: [refund] });
    intruder = server.as("gus", { tenant: "globex", role: "admin" });
    approval = await server.request({ title: "Refund order 7", tags: ["refunds"] });
    run = await server.as("sam", { role: "requester" }).startRun({ workflow: "refund", input: {} });
    events = await history();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const withId = Object.entries<Route>(routes).filter(([, { params }]) => params !== undefined);

  test.each(withId)("%s doesn't know ids of another tenant", async (name, { method, path }) => {
    const id = path.startsWith("/runs") ? run.id : approval.id;
    const call =
      method === "GET"
        ? intruder.get(path.replace(":id", id))
        : intruder.post(path.replace(":id", id), bodies[name as RouteName]);
    await expect(call).rejects.toMatchObject({ code: "not_found", status: 404 });
    expect(await history()).toEqual(events);
  });

  test("a bulk response reaches nothing of another tenant", async () => {
    const items = [{ id: approval.id, digest: approval.digest }];
    expect(await intruder.post("/approvals/respond", { items, type: "approve" })).toEqual({
      results: [{ id: approval.id, ok: false, error: expect.objectContaining({ code: "not_found" }) }],
    });
    expect(await history()).toEqual(events);
  });

  test.each(["/approvals", "/approvals?q=refund", "/approvals?tag=refunds", "/runs"])(
    "%s lists nothing of another tenant",
    async (path) => {
      expect((await intruder.get<Page<unknown>>(path)).items).toEqual([]);
    },
  );

  test("counts and changes tell nothing of another tenant", async () => {
    expect(await intruder.get<Counts>("/counts")).toMatchObject({ pending: 0, mine: 0 });
    expect(await intruder.get("/changes")).toMatchObject({ snapshot: { approvals: [] } });
  });

  test("the same key asks for different approvals in different tenants", async () => {
    const one = await server.as("ana").request({ key: "order-7", title: "Refund order 7" });
    const other = await server.as("gus", { tenant: "globex" }).request({ key: "order-7", title: "Something else" });
    expect(other.id).not.toBe(one.id);
  });
});
