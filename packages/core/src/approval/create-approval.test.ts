import { expect, test } from "vitest";
import { HoldpointError } from "../error.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { createApproval } from "./create-approval.ts";

const facts = { id: "apr_1", tenantId: "acme", now: "2026-11-20T12:00:00.000Z" };

test("only a title is needed", () => {
  const approval = createApproval({ title: "Refund order 7" }, facts);
  expect(approval).toEqual({
    ...facts,
    now: undefined,
    kind: "approval",
    title: "Refund order 7",
    content: [],
    allow: ["approve", "reject"],
    labels: {},
    risk: "medium",
    stages: [],
    stage: 0,
    selfApproval: false,
    ladder: [],
    onTimeout: "time_out",
    tags: [],
    metadata: {},
    status: "pending",
    revision: 1,
    version: 1,
    digest: approval.digest,
    decisions: [],
    createdAt: facts.now,
    updatedAt: facts.now,
  });
});

test("fields that are not given are absent, as they would be over the wire", () => {
  const approval = createApproval({ title: "T", message: undefined }, { ...facts, ownerId: undefined });
  expect(JSON.parse(JSON.stringify(approval))).toStrictEqual(approval);
});

test("the deadline is the timeout from now", () => {
  expect(createApproval({ title: "T", timeout: "1h30m" }, facts).deadlineAt).toBe("2026-11-20T13:30:00.000Z");
});

test("people and tags that are named twice count once", () => {
  const request: ApprovalRequest = {
    title: "T",
    tags: ["a", "a"],
    allow: ["approve", "approve"],
    stages: [{ users: ["ana", "ana", "bo"], groups: ["g", "g"] }],
  };
  const { tags, allow, stages } = createApproval(request, facts);
  expect({ tags, allow, stages }).toEqual({
    tags: ["a"],
    allow: ["approve"],
    stages: [{ users: ["ana", "bo"], groups: ["g"], quorum: 1 }],
  });
});

test("who is named twice on a ladder counts once where several have to approve", () => {
  const replaced = (users: string[]) => () =>
    createApproval(
      {
        title: "T",
        reviewers: { users: ["ana", "bo"], quorum: 2 },
        ladder: [{ after: "1h", escalate: { users, replace: true } }],
      },
      facts,
    );
  const details = [{ pointer: "/ladder/0/escalate/users", message: expect.stringContaining("fewer people") }];
  expect(replaced(["cy", "cy"])).toThrow(expect.objectContaining({ code: "invalid_request", details }));
  expect(replaced(["cy", "dee"])).not.toThrow();
});

test.each<[string, ApprovalRequest, string[]]>([
  ["too few for a stage with groups", { title: "T", reviewers: { groups: ["legal"], quorum: 2 } }, ["boss"]],
  ["too few but for who asked", { title: "T", reviewers: { users: ["ana", "bo"], quorum: 2 } }, ["boss", "bot"]],
  ["only who asked, for all", { title: "T", reviewers: { users: ["ana"], quorum: "all" } }, ["bot"]],
  ["only who asked and the owner, for one", { title: "T", reviewers: { users: ["ana"] } }, ["bot", "dee"]],
  ["only who asked, for anyone", { title: "T" }, ["bot"]],
])("a rung that replaces reviewers by %s is refused by name", (_whom, request, users) => {
  const requestedBy = { id: "bot", kind: "agent" } as const;
  const create = (users: string[], more: Partial<ApprovalRequest> = {}) => {
    const ladder: ApprovalRequest["ladder"] = [
      { after: "2h", escalate: { users, replace: true } },
      { after: "1h", remind: true },
    ];
    return createApproval({ ...request, requestedBy, ladder, ...more }, { ...facts, ownerId: "dee" });
  };
  expect(() => create(users)).toThrow(
    expect.objectContaining({
      code: "invalid_request",
      details: [{ pointer: "/ladder/0/escalate/users", message: expect.any(String) }],
    }),
  );
  expect(() => create([...users, "eve", "fay"])).not.toThrow();
  if (users.includes("bot")) expect(() => create(users, { selfApproval: true })).not.toThrow();
});

test("the request's requester comes before the caller", () => {
  const caller = { id: "key-1", kind: "service" } as const;
  const named = { id: "bot", kind: "agent" } as const;
  expect(createApproval({ title: "T" }, { ...facts, requestedBy: caller }).requestedBy).toEqual(caller);
  expect(createApproval({ title: "T", requestedBy: named }, { ...facts, requestedBy: caller }).requestedBy).toEqual(
    named,
  );
});

test("arguments that don't fit their schema are refused with pointers into the request", () => {
  const schema = { type: "object", required: ["to"], properties: { n: { type: "integer" } } };
  const create = () => createApproval({ title: "T", action: { name: "send", args: { n: 1.5 }, schema } }, facts);
  expect(create).toThrow(
    expect.objectContaining({
      code: "invalid_args",
      message: "action.args.to: is required; action.args.n: must be a whole number.",
      details: [
        { pointer: "/action/args/to", message: "is required" },
        { pointer: "/action/args/n", message: "must be a whole number" },
      ],
    }),
  );
});

test.each<[ApprovalRequest, string]>([
  [{ title: "T", action: { name: "a", args: 1, schema: { type: "x" } } }, "/action/schema/type"],
  [{ title: "T", kind: "question", form: { $ref: "https://example.com" } }, "/form/$ref"],
])("a schema that can't be used is refused: %j", (request, pointer) => {
  const error = (() => {
    try {
      return createApproval(request, facts);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(HoldpointError);
  expect(error).toMatchObject({ code: "invalid_request", details: [{ pointer }] });
});
