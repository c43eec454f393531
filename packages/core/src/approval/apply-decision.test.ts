import { describe, expect, test } from "vitest";
import type { Json, JsonSchema } from "../json/json.ts";
import type { Viewer } from "../viewer.ts";
import { applyDecision, toDecision } from "./apply-decision.ts";
import type { Approval } from "./approval.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { createApproval } from "./create-approval.ts";
import type { RespondInput } from "./decision.ts";
import { applyEscalation, applyTimeout } from "./lifecycle.ts";
import { type GroupMembers, groupsToResolve } from "./quorum.ts";

const now = "2026-11-20T12:00:00.000Z";
const tenantId = "acme";
const reviewer = (id: string, ...groups: string[]): Viewer => ({ id, tenantId, groups, role: "reviewer" });
const [ana, bo, cy] = [reviewer("ana"), reviewer("bo"), reviewer("cy")];

function pending(request: Partial<ApprovalRequest> = {}, ownerId?: string): Approval {
  const action = { name: "send", args: { subject: "Hello" } };
  const allow: ApprovalRequest["allow"] = ["approve", "edit", "reject"];
  return createApproval({ title: "T", action, allow, ...request }, { id: "apr_1", tenantId, now, ownerId });
}

function respond(approval: Approval, viewer: Viewer, input: RespondInput, groupMembers?: GroupMembers): Approval {
  const id = `dec_${approval.decisions.length}`;
  return applyDecision(approval, toDecision({ approval, input, viewer, id, now, via: "api" }), viewer, {
    groupMembers,
  });
}

const approve = (approval: Approval, viewer: Viewer, groupMembers?: GroupMembers) =>
  respond(approval, viewer, { type: "approve", digest: approval.digest }, groupMembers);
const edit = (approval: Approval, viewer: Viewer, subject: string) =>
  respond(approval, viewer, { type: "edit", digest: approval.digest, args: { subject } });

describe('a quorum of "all" with groups', () => {
  const request = { reviewers: { users: ["cy"], groups: ["legal", "sales"], quorum: "all" as const } };
  const [kim, lou] = [reviewer("kim", "legal"), reviewer("lou", "legal", "sales")];

  test("waits for every member that the host names", () => {
    const members = { legal: ["kim", "lou"], sales: ["lou"] };
    const first = approve(approve(pending(request), cy, members), lou, members);
    expect(first.status).toBe("pending");
    expect(approve(first, kim, members).status).toBe("approved");
  });

  test("takes one of each group where the host names no members; one person may stand for two groups", () => {
    const first = approve(approve(pending(request), cy), kim);
    expect(first.status).toBe("pending");
    expect(approve(first, lou).status).toBe("approved");
  });

  test("takes one of a group that the host knows nobody in, whatever the group is called", () => {
    const approval = pending({ reviewers: { users: ["cy"], groups: ["constructor"], quorum: "all" } });
    const members = { constructor: [] as string[] };
    const first = approve(approval, cy, members);
    expect(first.status).toBe("pending");
    expect(approve(approval, cy).status).toBe("pending");
    expect(approve(first, reviewer("mo", "constructor"), members).status).toBe("approved");
  });

  test("has to know the groups of the stages that a decision can complete, and no others", () => {
    const all = (...groups: string[]) => ({ users: ["ana", "bo"], groups, quorum: "all" as const });
    const plain = pending({ stages: [{ groups: ["sales"] }, all("legal", "legal")] });
    expect(groupsToResolve(plain, "approve")).toEqual([]);
    const opened = approve(plain, reviewer("lou", "sales"));
    expect(groupsToResolve(opened, "approve")).toEqual(["legal"]);
    expect(groupsToResolve(opened, "edit")).toEqual(["legal"]);
    expect(groupsToResolve(opened, "reject")).toEqual([]);
    const reopened = edit(opened, ana, "Hi");
    expect([reopened.stage, groupsToResolve(reopened, "approve")]).toEqual([0, ["legal"]]);
  });

  test("doesn't wait for those who may not decide because they asked", () => {
    const owned = pending({ reviewers: { users: ["ana", "bo"], quorum: "all" } }, "ana");
    expect(approve(owned, bo).status).toBe("approved");
  });

  test("isn't reached by nobody, even when all who are listed may not decide", () => {
    const owned = pending({ reviewers: { users: ["ana"], quorum: "all" } }, "ana");
    expect(() => approve(owned, ana)).toThrow(expect.objectContaining({ code: "self_approval" }));
    expect(approve(owned, { ...bo, role: "admin" }).status).toBe("approved");
  });
});

describe("who approves twice", () => {
  const both = pending({ reviewers: { users: ["ana", "bo"], quorum: 2 } });

  test("gets the approval back unchanged when nothing is new", () => {
    const once = approve(both, ana);
    expect(approve(once, ana)).toBe(once);
    expect(respond(once, ana, { approved: true })).toBe(once);
  });

  test("is refused when the comment is new", () => {
    const once = approve(both, ana);
    const again = () => respond(once, ana, { approved: true, reason: "Really" });
    expect(again).toThrow(expect.objectContaining({ code: "decision_not_allowed" }));
  });

  test("lets it go on when the others of whom all were needed are in the group no longer", () => {
    const [kim, lou] = [reviewer("kim", "legal"), reviewer("lou", "legal")];
    const members = { legal: ["kim", "lou", "mo"] };
    const asked = pending({ reviewers: { groups: ["legal"], quorum: "all" } });
    const waiting = approve(approve(asked, kim, members), lou, members);
    expect(approve(waiting, kim, members)).toBe(waiting);
    const ended = approve(waiting, kim, { legal: ["kim", "lou"] });
    expect(ended).toMatchObject({ status: "approved", outcome: { decidedBy: [{ id: "kim" }, { id: "lou" }] } });
    expect(ended.decisions).toEqual(waiting.decisions);
  });

  test("can still stop it", () => {
    expect(respond(approve(both, ana), ana, { approved: false }).outcome).toMatchObject({
      status: "rejected",
      decidedBy: [{ id: "ana" }],
    });
  });

  test("counts in each stage", () => {
    const staged = pending({ stages: [{ users: ["ana"] }, { users: ["ana", "bo"] }] });
    const once = approve(staged, ana);
    expect([once.status, once.stage]).toEqual(["pending", 1]);
    expect(approve(once, ana).status).toBe("approved");
  });
});

describe("an edit", () => {
  test("that ends the approval leaves what was asked as it was", () => {
    const edited = edit(pending(), ana, "Hi");
    expect(edited).toMatchObject({
      status: "approved",
      revision: 1,
      action: { args: { subject: "Hello" } },
      outcome: { args: { subject: "Hi" } },
    });
  });

  test("is told in the outcome, whoever approved what it made; an approval says nothing of it", () => {
    const [alone, two] = [pending(), pending({ reviewers: { users: ["ana", "bo"], quorum: 2 } })];
    expect(edit(alone, ana, "Hi").outcome?.edited).toBe(true);
    expect(approve(edit(two, ana, "Hi"), bo).outcome?.edited).toBe(true);
    expect(approve(alone, ana).outcome).not.toHaveProperty("edited");
    expect(edit(alone, ana, "Hello").outcome).not.toHaveProperty("edited");
  });

  test("that a later one takes back isn't told", () => {
    const edited = edit(pending({ reviewers: { users: ["ana", "bo"], quorum: 2 } }), ana, "Hi");
    const back = edit(edited, bo, "Hello");
    expect(back).toMatchObject({ status: "pending", revision: 3 });
    expect(approve(back, ana).outcome).not.toHaveProperty("edited");
  });

  test("isn't told of a rejection", () => {
    const edited = edit(pending({ reviewers: { users: ["ana", "bo"], quorum: 2 } }), ana, "Hi");
    expect(respond(edited, bo, { approved: false }).outcome).not.toHaveProperty("edited");
  });

  test("takes nobody along who approved other arguments, also when it ends the approval", () => {
    const once = approve(pending({ reviewers: { users: ["ana", "bo"], quorum: "all" } }), ana);
    const moved = applyEscalation(once, { users: ["cy"], replace: true }, now);
    expect(edit(moved, cy, "Hi")).toMatchObject({
      status: "approved",
      revision: 2,
      action: { args: { subject: "Hi" } },
      outcome: { decidedBy: [{ id: "cy" }] },
    });
  });

  test("under a quorum isn't approved by the silence of the others", () => {
    const request = { reviewers: { users: ["ana", "bo"], quorum: 2 }, timeout: "1h", onTimeout: "approve" as const };
    const edited = edit(approve(pending(request), bo), ana, "Hi");
    const { status, outcome } = applyTimeout(edited, "2026-11-20T13:00:00.000Z");
    expect([status, outcome?.approved, outcome?.args, outcome?.decidedBy]).toEqual(["timed_out", false, undefined, []]);
  });

  test("that changes nothing is an approval", () => {
    const same = edit(pending({ reviewers: { users: ["ana", "bo"], quorum: 2 } }), ana, "Hello");
    expect(same).toMatchObject({ status: "pending", revision: 1, version: 2 });
    expect(approve(same, bo).status).toBe("approved");
  });

  test("counts for its editor only, also when an earlier edit had the same arguments", () => {
    const request = { reviewers: { users: ["ana", "bo", "cy"], quorum: 2 } };
    const there = edit(pending(request), ana, "Hi");
    const back = edit(there, bo, "Hello");
    const again = edit(back, cy, "Hi");
    expect([again.status, again.revision]).toEqual(["pending", 4]);
    expect(approve(again, ana).outcome?.decidedBy).toEqual([{ id: "cy" }, { id: "ana" }]);
  });

  test("in a later stage opens the first one again and counts in its own", () => {
    const staged = pending({ stages: [{ users: ["ana"] }, { users: ["bo"] }, { users: ["cy"] }] });
    const edited = edit(approve(staged, ana), bo, "Hi");
    expect([edited.stage, edited.revision]).toEqual([0, 2]);
    const passed = approve(edited, ana);
    expect([passed.status, passed.stage]).toEqual(["pending", 2]);
    expect(approve(passed, cy).outcome?.args).toEqual({ subject: "Hi" });
  });

  test("can't change what the schema marks as read-only", () => {
    const schema = { properties: { to: { readOnly: true }, head: { properties: { from: { readOnly: true } } } } };
    const args = { to: "ana", head: { from: "bo" }, subject: "Hello" };
    const approval = pending({ action: { name: "send", args, schema } });
    const input = { type: "edit", digest: approval.digest, args: { head: {}, to: "eve", subject: "Hi" } } as const;
    expect(() => respond(approval, ana, input)).toThrow(
      expect.objectContaining({
        code: "invalid_args",
        details: [
          { pointer: "/to", message: "can't be edited" },
          { pointer: "/head/from", message: "can't be edited" },
        ],
      }),
    );
  });
});

describe("what a schema marks as read-only can't be changed", () => {
  const price = { type: "number", readOnly: true };
  const line = { type: "object", properties: { price } };
  const lines = { price: 1, note: "x" };

  test.each<[where: string, schema: JsonSchema, before: Json, after: Json, pointer: string]>([
    ["in a list", { items: line }, [lines, lines], [lines, { ...lines, price: 2 }], "/1/price"],
    ["in a list by place", { prefixItems: [{}, price] }, [1, 2], [1, 3], "/1"],
    ["behind a reference", { properties: { a: { $ref: "#/$defs/p" } }, $defs: { p: price } }, { a: 1 }, { a: 2 }, "/a"],
    ["in a part of the schema", { allOf: [{ type: "object" }, line] }, lines, { ...lines, price: 2 }, "/price"],
    ["under any name", { additionalProperties: price }, { a: 1 }, { a: 1, b: 2 }, "/b"],
    ["as nothing where there was something", { properties: { a: { readOnly: true } } }, { a: null }, {}, "/a"],
    ["in an alternative", { anyOf: [{}, line] }, lines, { ...lines, price: 2 }, "/price"],
    ["in one of several alternatives", { oneOf: [{ required: ["x"] }, line] }, lines, { note: "x" }, "/price"],
    ["in what follows otherwise", { if: {}, else: line }, lines, { ...lines, price: 2 }, "/price"],
    ["beside a field", { dependentSchemas: { note: line } }, lines, { note: "x" }, "/price"],
    ["by a pattern", { properties: { note: {} }, patternProperties: { "^p": price } }, lines, { note: "x" }, "/price"],
    [
      "beside patterns",
      { patternProperties: { "^n": {} }, additionalProperties: price },
      lines,
      { note: "x" },
      "/price",
    ],
    ["behind an anchor", { $ref: "#line", $defs: { line: { $anchor: "line", ...line } } }, lines, {}, "/price"],
    ["in an object that becomes a list", { properties: { price: { readOnly: true } } }, lines, [], "/price"],
    [
      "under a name that every object knows",
      { properties: { constructor: { readOnly: true } } },
      {},
      { constructor: "x" },
      "/constructor",
    ],
    [
      "further down in a schema that refers to itself",
      { properties: { next: { $ref: "#" }, price } },
      { next: { price: 1 } },
      { next: { price: 2 } },
      "/next/price",
    ],
  ])("%s", (_where, schema, before, after, pointer) => {
    const approval = pending({ action: { name: "send", args: before, schema } });
    const edit = (args: Json) => () => respond(approval, ana, { type: "edit", digest: approval.digest, args });
    const details = [{ pointer, message: "can't be edited" }];
    expect(edit(after)).toThrow(expect.objectContaining({ code: "invalid_args", details }));
    expect(edit(before)).not.toThrow();
  });

  test("while the rest can, where a name that every object knows is absent", () => {
    const schema = { properties: { toString: { readOnly: true }, to: {} } };
    const approval = pending({ action: { name: "send", args: { to: "ana" }, schema } });
    const edited = respond(approval, ana, { type: "edit", digest: approval.digest, args: { to: "bo" } });
    expect(edited.outcome?.args).toEqual({ to: "bo" });
  });
});

test("an approval without an action ends without arguments", () => {
  const { outcome } = approve(pending({ action: undefined, allow: ["approve"] }), ana);
  expect(outcome).toStrictEqual({
    status: "approved",
    approved: true,
    decidedBy: [{ id: "ana" }],
    escalated: false,
    at: now,
  });
});

test("arguments of null are arguments", () => {
  const { outcome } = approve(pending({ action: { name: "ping", args: null }, allow: ["approve"] }), ana);
  expect(outcome).toMatchObject({ args: null, argsDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test("what was decided on is never changed in place", () => {
  const before = pending({ reviewers: { users: ["ana", "bo"], quorum: 2 } });
  const copy = structuredClone(before);
  edit(approve(before, ana), bo, "Hi");
  expect(before).toEqual(copy);
});
