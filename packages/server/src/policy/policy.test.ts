// biome-ignore-all lint/suspicious/noThenProperty: rules read "when ..., then ..."; this `then` is an object that nothing can call.
import {
  type Approval,
  type ApprovalRequest,
  definePolicy,
  type Json,
  type LogEvent,
  type Page,
  workflow,
} from "@holdpoint/core";
import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { ana, reaches, startTestNode } from "../runs/test-runs.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createManualClock, startTestHoldpoint } from "../testing.ts";
import { type PolicyOption, policyPatienceMs } from "./policy-source.ts";

const policy = definePolicy([
  { name: "small refunds", when: { action: "refund", args: { "/amount": { lt: 100 } } }, then: { approve: true } },
  { name: "no refund abroad", when: { action: "refund.abroad" }, then: { reject: "Refunds abroad go by letter" } },
  {
    name: "legal sees deletions",
    when: { action: "delete.*" },
    then: { require: { risk: "high", reviewers: { groups: ["legal"] } } },
  },
]);

const refund = (amount: number): ApprovalRequest => ({ title: "Refund", action: { name: "refund", args: { amount } } });
const logger = pino({ level: "silent" });

describe.each(testDatabases)("a policy on $name", (kind) => {
  test("decides a request as it is made: the requester gets it back resolved", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create(), policy });
    const approved = await server.request(refund(5));
    const rejected = await server.request({ title: "Refund", action: { name: "refund.abroad", args: {} } });
    expect(approved).toMatchObject({ status: "approved", decisions: [{ via: "policy", rule: "small refunds" }] });
    expect(rejected).toMatchObject({ status: "rejected", outcome: { reason: "Refunds abroad go by letter" } });
    expect(await server.as("ana").approval(approved.id)).toEqual(approved);
    expect(await server.eventTypes(approved)).toEqual(["approval.requested", "decision.recorded", "approval.resolved"]);
  });

  test("writes all that into the log in one go, with the rule and no actor", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create(), policy });
    const { id } = await server.request(refund(5));
    const events = await server.as("auditor", { role: "auditor" }).get<Page<LogEvent>>(`/approvals/${id}/events`);
    expect(events.items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(events.items[1]).toMatchObject({ data: { decision: { rule: "small refunds", by: { id: "holdpoint" } } } });
    expect(events.items.slice(1).map(({ actor }) => actor)).toEqual([undefined, undefined]);
  });

  test("shows in nobody's inbox or counts what it decides", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create(), policy });
    const person = server.as("ana");
    const counts = await person.get("/counts");
    await server.request(refund(5));
    expect(await person.inbox()).toEqual([]);
    expect(await person.get("/counts")).toEqual(counts);
    await server.request(refund(500));
    expect(await person.inbox()).toMatchObject([{ status: "pending" }]);
  });

  test("makes a request stricter before people see it, and says so in the log", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create(), policy });
    const asked = await server.request({ title: "Delete", risk: "low", action: { name: "delete.customer", args: {} } });
    expect(asked).toMatchObject({ status: "pending", risk: "high", policy: { rules: ["legal sees deletions"] } });
    expect(await server.as("cy").inbox()).toEqual([]);
    expect(await server.as("lea", { groups: ["legal"] }).inbox()).toMatchObject([{ id: asked.id }]);
    const events = await server.as("auditor", { role: "auditor" }).get<Page<LogEvent>>(`/approvals/${asked.id}/events`);
    expect(events.items[0]?.data).toMatchObject({ policy: { rules: ["legal sees deletions"] } });
  });

  test("gives the same answer to a request that is repeated with its key", async () => {
    await using server = await startTestHoldpoint({ database: await kind.create(), policy });
    const first = await server.request({ ...refund(5), key: "order-7" });
    expect(await server.request({ ...refund(5), key: "order-7" })).toEqual(first);
    expect(await server.eventTypes(first)).toHaveLength(3);
  });

  test("lets a run go on at once through a gate that it approves, and tells it what it rejects", async () => {
    const refunds = workflow("refunds", { version: 1 }, async (run, input: { name: string }) => {
      const review = await run.approval("refund", {
        title: "Refund",
        action: { name: input.name, args: { amount: 5 } },
      });
      return { status: review.status, args: review.args ?? null, reason: review.reason ?? null };
    });
    await using node = await startTestNode({ workflows: [refunds], policy }, kind);
    const go = (name: string) => node.runs.start(ana, { workflow: "refunds", input: { name } });
    const [paid, refused] = [await go("refund"), await go("refund.abroad")];
    expect((await reaches(node, paid, "completed")).output).toMatchObject({ status: "approved", args: { amount: 5 } });
    const reason = "Refunds abroad go by letter";
    expect((await reaches(node, refused, "completed")).output).toMatchObject({ status: "rejected", reason });
  });
});

describe("an edit", () => {
  const limits = definePolicy([
    {
      name: "finance sees large refunds",
      when: { action: "refund", args: { "/amount": { gte: 1_000 } } },
      then: { require: { reviewers: { groups: ["finance"] } } },
    },
    {
      name: "risky refunds",
      when: { action: "refund", args: { "/amount": { gte: 500 } } },
      then: { require: { risk: "high", timeout: "1h" } },
    },
    { name: "no millions", when: { args: { "/amount": { gte: 1_000_000 } } }, then: { reject: "We are no bank" } },
    { name: "soon", when: { args: { "/amount": { gt: 100 } } }, then: { require: { timeout: "1h" } } },
  ]);
  const editable = (amount: number) => ({ ...refund(amount), allow: ["approve" as const, "edit" as const] });
  const refused = (says: string) => ({
    code: "decision_not_allowed",
    message: expect.stringContaining(says),
    details: [{ pointer: "/args" }],
  });

  test("is refused when a rule rejects its arguments, or requires more for them than the approval has", async () => {
    await using server = await startTestHoldpoint({ policy: limits });
    const asked = await server.request(editable(20));
    const edit = (amount: Json) => server.as("bo").edit(asked, { amount });
    await expect(edit(2_000_000)).rejects.toMatchObject(refused('"no millions" rejects'));
    await expect(edit(1_000)).rejects.toMatchObject(refused('"finance sees large refunds" requires other reviewers'));
    await expect(edit(500)).rejects.toMatchObject(refused('"risky refunds" requires the risk "high"'));
    await expect(edit("1")).rejects.toMatchObject(refused("rejects"));
    expect(await server.as("bo").approval(asked.id)).toEqual(asked);
    expect(await edit(101)).toMatchObject({ status: "approved", outcome: { args: { amount: 101 } } });
  });

  test("passes by a rule that the request has met, whoever was asked since", async () => {
    await using server = await startTestHoldpoint({ policy: limits });
    const asked = await server.request(editable(1_000));
    await server.as("kim", { role: "admin" }).post(`/approvals/${asked.id}/reassign`, { users: ["bo"] });
    expect(await server.as("bo").edit(asked, { amount: 2_000 })).toMatchObject({ status: "approved" });
  });

  test("is refused when a rule requires reviewers for its arguments, and an escalation is to add others", async () => {
    await using server = await startTestHoldpoint({ policy: limits });
    const ladder = [{ after: "1h" as const, escalate: { users: ["mallory"] } }];
    const ofFinance = (quorum: number) => ({
      ...editable(20),
      risk: "high" as const,
      reviewers: { groups: ["finance"], quorum },
    });
    const fi = server.as("fi", { groups: ["finance"] });
    const byTwo = await server.request({ ...ofFinance(2), ladder });
    await expect(fi.edit(byTwo, { amount: 1_000 })).rejects.toMatchObject(refused("an escalation is to add others"));
    const byTwoAlone = await server.request(ofFinance(2));
    expect(await fi.edit(byTwoAlone, { amount: 1_000 })).toMatchObject({ status: "pending", revision: 2 });
    const byOne = await server.request({ ...ofFinance(1), ladder });
    expect(await fi.edit(byOne, { amount: 1_000 })).toMatchObject({ status: "approved" });
  });

  test("isn't refused for an escalation that the rules bring to its arguments, too", async () => {
    const support = { after: "1h" as const, escalate: { groups: ["support"] } };
    const limits = definePolicy([
      { name: "support helps", when: { args: { "/amount": { lt: 5_000 } } }, then: { require: { ladder: [support] } } },
      {
        name: "two of finance",
        when: { args: { "/amount": { gte: 1_000 } } },
        then: { require: { reviewers: { groups: ["finance"], quorum: 2 } } },
      },
    ]);
    await using server = await startTestHoldpoint({ policy: limits });
    const byTwo = { ...editable(20), reviewers: { groups: ["finance"], quorum: 2 } };
    const fi = server.as("fi", { groups: ["finance"] });
    const asked = await server.request(byTwo);
    const editedSo = await fi.edit(asked, { amount: 1_000 });
    const askedSo = await server.request({ ...byTwo, ...refund(1_000) });
    expect(editedSo).toMatchObject({ status: "pending", ladder: askedSo.ladder, stages: askedSo.stages });
    const others = await server.request(byTwo);
    await expect(fi.edit(others, { amount: 5_000 })).rejects.toMatchObject(refused("an escalation is to add others"));
    const own = { after: "1h" as const, escalate: { users: ["mallory"] } };
    const mixed = await server.request({ ...byTwo, ladder: [own] });
    await expect(fi.edit(mixed, { amount: 1_000 })).rejects.toMatchObject(refused("an escalation is to add others"));
  });

  test("is judged by the risk that the request said, not by one that a rule made of it", async () => {
    const policy = definePolicy([
      { name: "refunds are risky", when: { action: "refund" }, then: { require: { risk: "high" } } },
      {
        name: "legal sees what looks harmless",
        when: { risk: ["low", "medium"], args: { "/amount": { gte: 1_000 } } },
        then: { require: { reviewers: { groups: ["legal"] } } },
      },
    ]);
    await using server = await startTestHoldpoint({ policy });
    const asked = await server.request(editable(20));
    await expect(server.as("bo").edit(asked, { amount: 1_000 })).rejects.toMatchObject(refused("looks harmless"));
    const risky = await server.request({ ...editable(20), risk: "high" });
    expect(await server.as("bo").edit(risky, { amount: 1_000 })).toMatchObject({ status: "approved" });
  });

  test("under a quorum, and in a run, is judged as well", async () => {
    const asks = workflow("asks", { version: 1 }, async (run) => {
      const reviewers = { users: ["bo", "cy"], quorum: 2 };
      return (await run.approval("refund", { ...editable(20), reviewers })).args ?? null;
    });
    await using server = await startTestHoldpoint({ policy: limits, workflows: [asks] });
    const run = await server.as("olga").startRun({ workflow: "asks", input: null });
    const asked = await vi.waitUntil(async () => (await server.as("bo").inbox()).at(0), { timeout: 60_000 });
    await expect(server.as("bo").edit(asked, { amount: 1_000 })).rejects.toMatchObject(refused("finance"));
    const edited = await server.as("bo").edit(asked, { amount: 30 });
    await server.as("cy").approve(edited);
    await expect.poll(async () => (await server.as("olga").run(run.id)).output).toEqual({ amount: 30 });
  });

  test("isn't refused for a rule that could only have approved it, also when that fails", async () => {
    const policy = definePolicy([
      {
        name: "ops ask nobody",
        when: (_, { viewer }) => viewer?.groups.includes("ops") as boolean,
        then: { approve: true },
      },
    ]);
    await using server = await startTestHoldpoint({ policy, logger });
    const asked = await server.request(editable(20));
    expect(asked).not.toHaveProperty("policy.failed");
    expect(await server.as("bo").edit(asked, { amount: 30 })).toMatchObject({ status: "approved" });
  });

  test("by who asked is refused where a rule fails, since their request with its arguments would be for others", async () => {
    const policy = definePolicy([
      {
        name: "small refunds",
        when: ({ action }) => BigInt(Object(action?.args).amount) < 5n,
        then: { approve: true },
      },
    ]);
    await using server = await startTestHoldpoint({ policy, logger });
    const dee = server.as("dee");
    const own = { ...editable(20), selfApproval: true, requestedBy: { id: "dee", kind: "user" as const } };
    const asked = await server.request(own);
    await expect(dee.edit(asked, { amount: 30.5 })).rejects.toMatchObject(refused('"small refunds" can\'t be judged'));
    expect(await dee.edit(asked, { amount: 30 })).toMatchObject({ status: "approved" });
    expect(await server.as("bo").edit(await server.request(own), { amount: 30.5 })).toMatchObject({
      status: "approved",
    });
  });

  test("is logged once where a rule fails for it, also when the host has to say who is in a group", async () => {
    const lines: string[] = [];
    const broken = () => {
      throw new Error("the rule's list is missing");
    };
    const policy = definePolicy([{ name: "listed", when: broken, then: { reject: "Not listed" } }]);
    await using server = await startTestHoldpoint({
      policy,
      groupMembers: async () => ({ finance: ["fi", "fo"] }),
      logger: pino({}, { write: (line) => lines.push(line) }),
    });
    const reviewers = { groups: ["finance"], quorum: "all" as const };
    const asked = await server.request({ ...editable(20), reviewers });
    const edited = await server.as("fi", { groups: ["finance"] }).edit(asked, { amount: 30 });
    expect(edited).toMatchObject({ status: "pending", revision: 2 });
    expect(lines.filter((line) => line.includes("failed for an edit"))).toHaveLength(1);
  });

  test("is refused while the policy can't judge it, unless it couldn't judge the request either", async () => {
    let trouble: Error | undefined;
    const policy = () => {
      if (trouble) throw trouble;
      return limits;
    };
    await using server = await startTestHoldpoint({ policy, logger });
    const before = await server.request(editable(20));
    trouble = new Error("the rules' service is down");
    const during = await server.request(editable(20));
    await expect(server.as("bo").edit(before, { amount: 30 })).rejects.toMatchObject(refused("can't be had"));
    expect(await server.as("bo").approve(before)).toMatchObject({ status: "approved" });
    expect(await server.as("bo").edit(during, { amount: 30 })).toMatchObject({ status: "approved" });
  });
});

describe("a policy that fails", () => {
  const down = () => {
    throw new Error("the rules' service is down");
  };

  test.each<[string, PolicyOption]>([
    ["throws", down],
    ["rejects", async () => down()],
    ["gives something else", (() => ({ rules: [] })) as unknown as PolicyOption],
    ["has a rule that throws", definePolicy([...rulesOf("all"), { name: "bad", when: down, then: { approve: true } }])],
  ])("because it %s leaves the decision to people, and silence is no yes", async (_how, broken) => {
    await using server = await startTestHoldpoint({ policy: broken, logger });
    const asked = await server.request({ ...refund(5), timeout: "1h", onTimeout: "approve" });
    expect(asked).toMatchObject({ status: "pending", onTimeout: "time_out", policy: { rules: [] } });
    expect(asked.policy?.failed).toHaveLength(1);
    expect(await server.as("ana").approve(asked)).toMatchObject({ status: "approved" });
  });

  test("because it takes too long leaves the decision to people", async () => {
    const clock = createManualClock();
    const asked = Promise.withResolvers<void>();
    const policy = () => {
      asked.resolve();
      return new Promise<never>(() => undefined);
    };
    await using server = await startTestHoldpoint({ policy, clock, logger });
    const request = server.holdpoint.approvals.request(refund(5));
    await asked.promise;
    clock.advance(policyPatienceMs);
    expect(await request).toMatchObject({ status: "pending", policy: { failed: ["*"] } });
  });

  test("is logged", async () => {
    const lines: string[] = [];
    await using server = await startTestHoldpoint({
      policy: down,
      logger: pino({}, { write: (line) => lines.push(line) }),
    });
    await server.request(refund(5));
    expect(lines.join()).toContain("the rules' service is down");
  });

  test("is refused at once when it is none", async () => {
    const none = [{ name: "all", when: {}, then: { approve: true } }] as unknown as PolicyOption;
    await expect(startTestHoldpoint({ policy: none })).rejects.toThrow("policy must be what definePolicy");
  });
});

test("each tenant has its own policy when a function gives it", async () => {
  const policy = async (tenantId: string) => definePolicy(tenantId === "acme" ? rulesOf("all") : []);
  await using server = await startTestHoldpoint({ policy });
  const asks = (tenant: string): Promise<Approval> =>
    server.as("agent", { role: "requester", tenant }).request(refund(5));
  expect([(await asks("acme")).status, (await asks("other")).status]).toEqual(["approved", "pending"]);
});

function rulesOf(name: string) {
  return [{ name, when: {}, then: { approve: true } } as const];
}
