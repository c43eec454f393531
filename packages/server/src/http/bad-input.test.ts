import type { Approval, ErrorBody, Json, Page } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestHoldpoint, type TestCaller, type TestHoldpoint } from "../testing.ts";

const emailSchema = {
  type: "object",
  properties: { to: { type: "string", format: "email" }, count: { type: "integer", minimum: 1 } },
  required: ["to"],
};

function nested(depth: number): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

describe("bad input", () => {
  let server: TestHoldpoint;
  let ana: TestCaller;
  beforeAll(async () => {
    server = await startTestHoldpoint();
    ana = server.as("ana");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function post(path: string, body: string, contentType = "application/json") {
    const response = await ana.fetch(path, { method: "POST", headers: { "content-type": contentType }, body });
    const { error } = (await response.json()) as ErrorBody;
    return { status: response.status, ...error };
  }

  async function storedApprovals(): Promise<number> {
    const admin = server.as("admin", { role: "admin" });
    return (await admin.get<Page<Approval>>("/approvals?limit=200")).items.length;
  }

  test.each([
    ["no title", {}, "title"],
    ["a title of another type", { title: 7 }, "title"],
    ["a title of 201 characters", { title: "x".repeat(201) }, "title"],
    ["an unknown field", { title: "Refund", colour: "red" }, "colour"],
    ["an unknown field further down", { title: "Refund", action: { name: "refund", args: {}, retries: 3 } }, "retries"],
    ["a timeout that is no duration", { title: "Refund", timeout: "soon" }, "timeout"],
    [
      "a link that is not http",
      { title: "Refund", content: [{ type: "link", url: "javascript:alert(1)", label: "x" }] },
      "content[0].url",
    ],
    ["stages and reviewers", { title: "Refund", stages: [], reviewers: { users: ["bo"] } }, "reviewers"],
    [
      "an unusable schema",
      { title: "Refund", action: { name: "refund", args: {}, schema: { type: "nonsense" } } },
      "action.schema",
    ],
    ["JSON that is nested too deep", { title: "Refund", metadata: nested(40) }, "metadata"],
    ["a key of the server's own runs", { title: "Refund", key: "run_01:send" }, "key"],
  ])("a request with %s is refused by the field's name, and nothing is stored", async (_what, body, field) => {
    const before = await storedApprovals();
    const error = await post("/approvals", JSON.stringify(body));
    expect(error).toMatchObject({ status: 422, code: "invalid_request" });
    expect(error.message).toContain(field);
    expect(await storedApprovals()).toBe(before);
  });

  test.each(["approvals", "events of an approval", "runs", "grants"])(
    "a cursor that a list of %s didn't give is refused by its name",
    async (list) => {
      const { id } = await server.request({ title: "Refund" });
      const path = list === "events of an approval" ? `approvals/${id}/events` : list;
      const response = await server.as("admin", { role: "admin" }).fetch(`/${path}?cursor=nonsense`);
      const { error } = (await response.json()) as ErrorBody;
      expect(error).toMatchObject({
        code: "invalid_request",
        message: "cursor: doesn't belong to this list and its order; start again without it.",
        details: [{ pointer: "/cursor" }],
      });
    },
  );

  test("arguments that don't fit their own schema are refused with a pointer for each", async () => {
    const action = { name: "send_email", args: { to: "nobody", count: 0 }, schema: emailSchema };
    const error = await post("/approvals", JSON.stringify({ title: "Send", action }));
    expect(error).toMatchObject({ status: 422, code: "invalid_args" });
    expect(error.details).toEqual([
      expect.objectContaining({ pointer: "/action/args/to" }),
      expect.objectContaining({ pointer: "/action/args/count" }),
    ]);
  });

  test("edited arguments that don't fit are refused with a pointer for each, and the approval stays pending", async () => {
    const approval = await server.request({
      title: "Send",
      action: { name: "send_email", args: { to: "bo@example.com" }, schema: emailSchema },
      allow: ["approve", "edit", "reject"],
    });
    const edit = ana.edit(approval, { count: "many" });
    await expect(edit).rejects.toMatchObject({
      code: "invalid_args",
      status: 422,
      details: [expect.objectContaining({ pointer: "/to" }), expect.objectContaining({ pointer: "/count" })],
    });
    expect(await ana.approval(approval.id)).toEqual(approval);
  });

  test.each([
    ["neither form", {}, "approved"],
    ["both forms", { approved: true, type: "approve", digest: "x" }, "approved"],
    ["a digest that is missing", { type: "approve" }, "digest"],
    ["a type that there isn't", { type: "maybe", digest: "x" }, "type"],
  ])("a response in %s is refused by the field's name", async (_what, body, field) => {
    const approval = await server.request({ title: "Refund" });
    const error = await post(`/approvals/${approval.id}/respond`, JSON.stringify(body));
    expect(error).toMatchObject({ status: 422, code: "invalid_request" });
    expect(error.message).toContain(field);
    expect(await server.eventTypes(approval)).toEqual(["approval.requested"]);
  });

  test("a body that is not JSON is refused, saying so", async () => {
    const error = await post("/approvals", '{"title": ');
    expect(error).toMatchObject({ status: 422, code: "invalid_request" });
    expect(error.message).toContain("not valid JSON");
  });

  test("a body of another content type is refused, saying which to use", async () => {
    const error = await post("/approvals", "title=Refund", "application/x-www-form-urlencoded");
    expect(error).toMatchObject({ status: 422, code: "invalid_request" });
    expect(error.message).toContain("application/json");
  });

  test("a body over 256 KB is refused, and nothing is stored", async () => {
    const before = await storedApprovals();
    const error = await post("/approvals", JSON.stringify({ title: "Refund", message: "x".repeat(256 * 1024) }));
    expect(error).toMatchObject({ status: 413, code: "payload_too_large" });
    expect(error.message).toContain("262144 bytes");
    expect(await storedApprovals()).toBe(before);
  });

  test.each([
    ["/approvals?status=open", "status"],
    ["/approvals?limit=0", "limit"],
    ["/approvals?limit=10&limit=20", "limit"],
    ["/approvals?colour=red", "colour"],
    ["/approvals?cursor=nonsense", "cursor"],
    ["/approvals/apr_1/wait?timeout=3600", "timeout"],
    ["/runs?status=done", "status"],
  ])("the query of %s is refused by the field's name", async (path, field) => {
    await expect(ana.get(path)).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(field),
    });
  });

  test("a path that can't be decoded is refused", async () => {
    await expect(ana.get("/approvals/%E0%A4%A")).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("lists take several values of a field, repeated or with commas", async () => {
    const both = await ana.get<Page<Approval>>("/approvals?status=pending,approved&risk=low&risk=high");
    expect(both.items).toEqual([]);
  });

  test.each(["GET", "PUT", "DELETE"])("%s of a path that there isn't is answered with not_found", async (method) => {
    const response = await ana.fetch("/nothing/here", { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: { code: "not_found", message: expect.stringContaining(method) },
    });
  });

  test("an idempotency key that is too long is refused by its name", async () => {
    const approval = await server.request({ title: "Refund" });
    const tooLong = ana.post(
      `/approvals/${approval.id}/respond`,
      { approved: true },
      { "idempotency-key": "x".repeat(300) },
    );
    await expect(tooLong).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("idempotency-key"),
    });
  });
});
