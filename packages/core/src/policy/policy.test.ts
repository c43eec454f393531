// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import { describe, expect, test } from "vitest";
import type { Approval } from "../approval/approval.ts";
import { eventsBetween } from "../approval/approval-events.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import { createApproval } from "../approval/create-approval.ts";
import type { LadderRung } from "../approval/ladder-rung.ts";
import { notificationCausesBetween } from "../delivery/notification.ts";
import type { Viewer } from "../viewer.ts";
import { applyRuling, createRuledApproval, evaluatePolicy } from "./evaluate-policy.ts";
import { brokenPolicy, definePolicy, type PolicyRule, parsePolicy, type Requirement } from "./policy.ts";
import type { PolicyCondition } from "./policy-condition.ts";

const now = "2026-11-20T12:00:00.000Z";
const facts = { id: "apr_1", tenantId: "acme", now, ownerId: "ana" };

const email: ApprovalRequest = {
  title: "Send email",
  action: { name: "email.send", args: { to: "bo@acme.com", amount: 50, draft: { words: 3 }, cc: ["cy@acme.com"] } },
  risk: "low",
  requestedBy: { id: "agent-7", kind: "agent" },
  source: { engine: "other", workflow: "outreach" },
  tags: ["customer:7"],
};

const rule = (name: string, when: PolicyRule["when"], then: PolicyRule["then"]): PolicyRule => ({ name, when, then });
const approving = rule("approve all", {}, { approve: true });
const rejecting = rule("no", {}, { reject: "Not on Fridays" });
const requiring = (required: Requirement, name = "stricter") => rule(name, {}, { require: required });

function ruled(request: ApprovalRequest, ...rules: PolicyRule[]): Approval {
  const { approval, ruling } = createRuledApproval(request, facts, definePolicy(rules));
  return applyRuling(approval, ruling);
}

test("a rule in code that turns out to be asynchronous fails, and its own failure later harms nobody", async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => void unhandled.push(reason);
  process.on("unhandledRejection", listen);
  const late = (async () => {
    throw new Error("late");
  }) as unknown as () => boolean;
  expect(ruled(email, rule("late", late, { approve: true }))).toMatchObject({
    status: "pending",
    policy: { failed: ["late"] },
  });
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", listen);
  expect(unhandled).toEqual([]);
});

test("who asks can't give themselves the approval that a rule requires of others", () => {
  const own = { ...email, requestedBy: { id: "ana", kind: "user" as const }, selfApproval: true };
  expect(ruled(own, requiring({ reviewers: { groups: ["finance"] } })).selfApproval).toBe(false);
  expect(ruled(own, requiring({ risk: "high" })).selfApproval).toBe(true);
});

test.each<[string, Partial<ApprovalRequest>]>([
  ["/ladder", { ladder: Array.from({ length: 20 }, (_, i) => ({ after: `${i + 1}h`, remind: true })) }],
  ["/stages", { stages: Array.from({ length: 20 }, (_, i) => ({ users: [`user-${i}`] })) }],
])("a request of which a rule makes too much is refused with the name of the rule: %s", (pointer, request) => {
  const required: Requirement = { ladder: [{ after: "90m", remind: true }], reviewers: { groups: ["finance"] } };
  expect(() => ruled({ ...email, ...request }, requiring(required, "four eyes"))).toThrow(
    expect.objectContaining({
      code: "invalid_request",
      message: expect.stringMatching(/"four eyes".*must have at most 20 entries/),
      details: [{ pointer, message: "must have at most 20 entries" }],
    }),
  );
});

test("who asks can't approve it themselves when a rule that may have wanted others fails", () => {
  const own = { ...email, requestedBy: { id: "ana", kind: "user" as const }, selfApproval: true };
  const down = () => {
    throw new Error("down");
  };
  const required: PolicyRule["then"] = { require: { reviewers: { groups: ["finance"] } } };
  expect(ruled(own, rule("four eyes", down, required))).toMatchObject({ status: "pending", selfApproval: false });
  expect(createRuledApproval(own, facts, brokenPolicy(new Error("down"))).approval.selfApproval).toBe(false);
});

describe("a condition", () => {
  test.each<[PolicyCondition, boolean]>([
    [{}, true],
    [{ action: "email.*" }, true],
    [{ action: ["sms.*", "email.send"] }, true],
    [{ action: "email" }, false],
    [{ risk: "low" }, true],
    [{ risk: ["medium", "high"] }, false],
    [{ kind: "question" }, false],
    [{ requester: "agent-*", requesterKind: "agent" }, true],
    [{ requester: "ana" }, false],
    [{ owner: "ana" }, true],
    [{ owner: "agent-7" }, false],
    [{ workflow: "out*" }, true],
    [{ tags: "customer:*" }, true],
    [{ tags: ["vip"] }, false],
    [{ action: "email.*", risk: "high" }, false],
    [{ args: { "/amount": { lt: 100, gte: 50 } } }, true],
    [{ args: { "/amount": { gt: 50 } } }, false],
    [{ args: { "/amount": { lte: 49 } } }, false],
    [{ args: { "/to": { like: ["*@acme.com"] } } }, true],
    [{ args: { "/to": { like: "*@evil.com" } } }, false],
    [{ args: { "/to": { in: ["bo@acme.com"], is: "bo@acme.com" } } }, true],
    [{ args: { "/draft": { is: { words: 3 } } } }, true],
    [{ args: { "/draft/words": { is: 4 } } }, false],
    [{ args: { "/cc/0": { like: "cy@*" } } }, true],
    [{ args: { "/cc/length": { exists: true } } }, false],
    [{ args: { "/bcc": { exists: false } } }, true],
    [{ args: { "/to": { exists: false } } }, false],
    [{ args: { "/toString": { exists: true } } }, false],
    [{ args: { "/bcc": { lt: 5 } } }, false],
  ])("%j fits: %s", (when, fits) => {
    expect(ruled(email, rule("it", when, { approve: true })).status).toBe(fits ? "approved" : "pending");
    expect(ruled(email, rule("it", when, { reject: "No" })).status).toBe(fits ? "rejected" : "pending");
  });

  test("that wants a number and gets text counts for a strict rule and not for an approving one", () => {
    const request = { ...email, action: { name: "pay", args: { amount: "5000" } } };
    const small = rule("small", { args: { "/amount": { lt: 10_000 } } }, { approve: true });
    const large = rule("large", { args: { "/amount": { gt: 1_000 } } }, { reject: "Too much" });
    expect(ruled(request, small).status).toBe("pending");
    expect(ruled(request, large).status).toBe("rejected");
  });

  test("in code sees the request with its defaults, and can't change it", () => {
    const { risk: _risk, ...request } = email;
    const spoil = rule("spoil", ({ tags, risk }) => tags.push("seen") > 0 && risk === "medium", { approve: true });
    expect(ruled(request, spoil)).toMatchObject({ status: "approved", tags: ["customer:7"] });
  });

  test("in code knows the time and the caller", () => {
    const admins = definePolicy([rule("admins", (_, { viewer }) => viewer?.role === "admin", { approve: true })]);
    const viewer: Viewer = { id: "root", tenantId: "acme", groups: [], role: "admin" };
    const request = createApproval(email, facts);
    expect(evaluatePolicy(admins, request, { now, viewer }).verdict).toBe("approve");
    expect(evaluatePolicy(admins, request, { now }).verdict).toBe("ask");
  });
});

describe("an automatic decision", () => {
  test("approves in the system's name, with its rule and the digest of what was asked", () => {
    const approval = ruled(email, approving);
    expect(approval).toMatchObject({
      status: "approved",
      outcome: { approved: true, args: email.action?.args, decidedBy: [{ id: "holdpoint" }] },
      decisions: [{ type: "approve", via: "policy", rule: "approve all", digest: approval.digest }],
    });
  });

  test("rejects with the rule's reason", () => {
    expect(ruled(email, rejecting)).toMatchObject({
      status: "rejected",
      outcome: { approved: false, reason: "Not on Fridays" },
      decisions: [{ type: "reject", via: "policy", rule: "no", comment: "Not on Fridays" }],
    });
  });

  test("is in the log with its rule and without an actor", () => {
    const { approval, ruling } = createRuledApproval(email, facts, definePolicy([approving]));
    const events = eventsBetween(approval, applyRuling(approval, ruling));
    expect(events.map(({ type, actor }) => [type, actor])).toEqual([
      ["decision.recorded", undefined],
      ["approval.resolved", undefined],
    ]);
    expect(events[0]?.data).toMatchObject({ decision: { via: "policy", rule: "approve all" } });
  });

  test("is told to nobody: nobody was asked", () => {
    const { approval, ruling } = createRuledApproval(email, facts, definePolicy([approving]));
    expect(notificationCausesBetween(approval, applyRuling(approval, ruling))).toEqual([]);
  });

  test("never answers a question, and never approves what may only be edited", () => {
    expect(ruled({ kind: "question", title: "Which plan?" }, approving).status).toBe("pending");
    expect(ruled({ ...email, allow: ["edit", "reject"] }, approving).status).toBe("pending");
  });
});

describe("of several rules", () => {
  test("a rejecting one wins over all, a requiring one over those that approve, in any order", () => {
    const strict = requiring({ risk: "high" });
    for (const rules of [
      [approving, strict],
      [strict, approving],
    ]) {
      expect(ruled(email, ...rules)).toMatchObject({
        status: "pending",
        risk: "high",
        policy: { rules: ["stricter"] },
      });
    }
    expect(ruled(email, approving, strict, rejecting)).toMatchObject({ status: "rejected", risk: "high" });
  });

  test("one that throws or doesn't answer yes or no keeps the others from approving, and lets people decide", () => {
    const broken = [
      () => {
        throw new Error("no connection");
      },
      (async () => true) as unknown as () => boolean,
    ];
    for (const when of broken) {
      const approval = ruled(
        { ...email, timeout: "1h", onTimeout: "approve" },
        approving,
        rule("bad", when, { approve: true }),
      );
      expect(approval).toMatchObject({
        status: "pending",
        onTimeout: "time_out",
        policy: { rules: [], failed: ["bad"] },
      });
      expect(ruled(email, rule("bad", when, { approve: true }), rejecting).status).toBe("rejected");
    }
  });

  test("none counts when the policy as a whole could not be had", () => {
    const { approval, ruling } = createRuledApproval(email, facts, brokenPolicy(new Error("down")));
    expect(applyRuling(approval, ruling)).toMatchObject({ status: "pending", policy: { failed: ["*"] } });
  });
});

describe("a requirement", () => {
  const tight = (request: Partial<ApprovalRequest>, ...required: Requirement[]) =>
    ruled({ ...email, ...request }, ...required.map((one, i) => requiring(one, `rule ${i}`)));

  test("raises the risk and never lowers it", () => {
    expect(tight({ risk: "low" }, { risk: "high" }, { risk: "medium" }).risk).toBe("high");
    expect(tight({ risk: "critical" }, { risk: "low" }).risk).toBe("critical");
  });

  test("takes the place of no reviewers, and comes after those that the request names", () => {
    const legal = { groups: ["legal"] };
    expect(tight({}, { reviewers: legal }).stages).toEqual([{ users: [], groups: ["legal"], quorum: 1 }]);
    expect(tight({ reviewers: { users: ["ana"] } }, { reviewers: legal }).stages).toEqual([
      { users: ["ana"], groups: [], quorum: 1 },
      { users: [], groups: ["legal"], quorum: 1 },
    ]);
  });

  test("asks the same reviewers once, with the higher quorum", () => {
    const asked = { reviewers: { groups: ["legal"], quorum: 1 } };
    expect(
      tight(asked, { reviewers: { groups: ["legal"], quorum: 3 } }, { reviewers: { groups: ["legal"] } }).stages,
    ).toEqual([{ users: [], groups: ["legal"], quorum: 3 }]);
  });

  test("asks other people of the same groups in a stage of their own", () => {
    const asked = { reviewers: { users: ["ana"], groups: ["legal"] } };
    const others = { reviewers: { users: ["bo"], groups: ["legal"] } };
    expect(tight(asked, others).stages.map(({ users }) => users)).toEqual([["ana"], ["bo"]]);
  });

  test("leaves out the rungs of a ladder that a shorter timeout has no time for", () => {
    const ladder = [
      { after: "30m", remind: true as const },
      { after: "90m", escalate: { users: ["bo"] } },
    ];
    const businessHours = { timeZone: "UTC", days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" };
    const ruled = tight({ ladder, timeout: "2h", businessHours }, { timeout: "1h" });
    expect(ruled.ladder).toEqual([ladder[0]]);
    expect(ruled.deadlineAt).toBe("2026-11-20T13:00:00.000Z");
  });

  test("shortens the timeout and never lengthens it", () => {
    expect(tight({ timeout: "2h" }, { timeout: "1d" }, { timeout: "1h" }).deadlineAt).toBe("2026-11-20T13:00:00.000Z");
    expect(tight({ timeout: "2h" }, { timeout: "1d" }).timeout).toBe("2h");
    expect(tight({}, { timeout: "1d" }).timeout).toBe("1d");
  });

  test("of a timeout counts every hour, so that business hours can't stretch it", () => {
    const businessHours = { timeZone: "UTC", days: [1], from: "09:00", to: "10:00" } as const;
    const asked = { timeout: "30m", businessHours: { ...businessHours, days: [...businessHours.days] } };
    expect(tight(asked, { risk: "high" }).deadlineAt).toBe("2026-11-23T09:30:00.000Z");
    expect(tight(asked, { timeout: "1h" }).deadlineAt).toBe("2026-11-20T12:30:00.000Z");
  });

  test("of any kind makes silence no yes", () => {
    const silent = { timeout: "1h", onTimeout: "approve" } as const;
    expect(tight(silent, { risk: "low" }).onTimeout).toBe("time_out");
    expect(tight(silent, { onTimeout: "reject" }).onTimeout).toBe("reject");
    expect(tight({ timeout: "1h", onTimeout: "reject" }, { onTimeout: "time_out" }).onTimeout).toBe("reject");
    expect(tight({}, { onTimeout: "reject" }).onTimeout).toBe("time_out");
  });

  test("adds rungs in their order, and drops the request's own escalations where it adds reviewers", () => {
    const early: LadderRung = { after: "1h", remind: true };
    const escalation: LadderRung = { after: "2h", escalate: { users: ["eve"] } };
    const ladder = [early, escalation];
    const late: LadderRung = { after: "90m", remind: true };
    expect(tight({ ladder }, { ladder: [late] }, { ladder: [late] }).ladder).toEqual([early, late, escalation]);
    expect(tight({ ladder }, { reviewers: { groups: ["legal"] } }).ladder).toEqual([early]);
  });

  test("gives a question reviewers where it names none, and leaves it its own", () => {
    const question: ApprovalRequest = { kind: "question", title: "Which plan?" };
    const legal = requiring({ reviewers: { groups: ["legal"] } });
    expect(ruled(question, legal).stages).toMatchObject([{ groups: ["legal"] }]);
    expect(ruled({ ...question, reviewers: { users: ["ana"] } }, legal).stages).toMatchObject([{ users: ["ana"] }]);
  });
});

describe("a policy is refused when it is loaded", () => {
  const effect = (then: object) => [{ name: "it", when: {}, then }];

  test.each<[string, unknown, string, string]>([
    [
      "with a field that is unknown",
      [{ name: "a", when: { actions: "x" }, then: { approve: true } }],
      "/0/when/actions",
      "known",
    ],
    ["with code in JSON", [{ name: "a", when: () => true, then: { approve: true } }], "/0/when", "plain JSON"],
    [
      "with a pointer that is none",
      [{ name: "a", when: { args: { amount: { lt: 1 } } }, then: { approve: true } }],
      "/0/when/args/amount",
      "pointer",
    ],
    [
      "with a test that tests nothing",
      [{ name: "a", when: { args: { "/amount": {} } }, then: { approve: true } }],
      "/0/when/args/~1amount",
      "something",
    ],
    [
      "with an argument that JavaScript takes for something else",
      JSON.parse('[{ "name": "a", "when": { "args": { "__proto__": { "lt": 1 } } }, "then": { "approve": true } }]'),
      "/0/when/args/__proto__",
      "pointer",
    ],
    ["with a field beside its rules", { rules: [], default: "reject" }, "/default", "known"],
    ["with a name used twice", [rejecting, rejecting], "/1/name", "earlier"],
    [
      "when a timeout would approve",
      effect({ require: { onTimeout: "approve" } }),
      "/0/then/require/onTimeout",
      "loosen",
    ],
    [
      "when reviewers are replaced",
      effect({ require: { ladder: [{ after: "1h", escalate: { users: ["a"], replace: true } }] } }),
      "/0/then/require/ladder/0/escalate/replace",
      "take reviewers away",
    ],
    [
      "with a quorum nobody can reach",
      effect({ require: { reviewers: { users: ["a"], quorum: 2 } } }),
      "/0/then/require/reviewers/quorum",
      "more than",
    ],
    ["with no requirement", effect({ require: {} }), "/0/then/require", "something"],
    ["with two effects", effect({ approve: true, reject: "x" }), "/0/then/reject", "known"],
  ])("%s", (_why, rules, pointer, says) => {
    expect(() => parsePolicy(rules)).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        details: expect.arrayContaining([{ pointer, message: expect.stringContaining(says) }]),
      }),
    );
  });

  const missing: number = JSON.parse("{}").limit;
  test.each<[string, PolicyRule, string]>([
    [
      "a limit",
      { name: "a", when: { args: { "/amount": { gt: 0, lt: missing } } }, then: { approve: true } },
      "/0/when/args/~1amount/lt",
    ],
    ["an owner", { name: "a", when: { owner: undefined }, then: { approve: true } }, "/0/when/owner"],
    [
      "a requirement",
      { name: "a", when: {}, then: { require: { risk: "high", reviewers: undefined } } },
      "/0/then/require/reviewers",
    ],
  ])("in code when %s turns out to be undefined, which would make it wider", (_what, rule, pointer) => {
    const details = [{ pointer, message: expect.stringContaining("undefined") }];
    expect(() => definePolicy([rule])).toThrow(expect.objectContaining({ code: "invalid_request", details }));
  });

  test.each<[unknown, string]>([
    [[null], "/0"],
    ["all", ""],
    [undefined, ""],
  ])("in code when it is no list of rules but %j", (rules, pointer) => {
    const details = [expect.objectContaining({ pointer })];
    expect(() => definePolicy(rules as PolicyRule[])).toThrow(
      expect.objectContaining({ code: "invalid_request", details }),
    );
  });

  test("and taken as a list or as an object with rules", () => {
    const rules = [approving];
    expect(parsePolicy({ rules }).rules.map(({ name }) => name)).toEqual(
      parsePolicy(rules).rules.map(({ name }) => name),
    );
  });
});
