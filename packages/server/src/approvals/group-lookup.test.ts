import type { Approval, BulkResult } from "@holdpoint/core";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { createManualClock, startTestHoldpoint, type TestHoldpoint } from "../testing.ts";
import type { LookUpGroups } from "./group-lookup.ts";

const everyone = { groups: ["legal"], quorum: "all" as const };
const lawyer = (server: TestHoldpoint, id: string) => server.as(id, { groups: ["legal"] });

/** For hosts that fail, which is logged. */
const logger = pino({ level: "silent" });

/** Groups as a host may keep them, and what it was asked. */
function directory(groups: Record<string, string[]>) {
  const asked: string[][] = [];
  const groupMembers: LookUpGroups = async (tenantId, names) => {
    asked.push([tenantId, ...names]);
    return groups;
  };
  return { groups, asked, groupMembers };
}

describe.each(testDatabases)('a quorum of "all" of a group on $name', ({ create }) => {
  test("waits for every member that the host names when the decision is made", async () => {
    const host = directory({ legal: ["ana", "bo"] });
    await using server = await startTestHoldpoint({ database: await create(), groupMembers: host.groupMembers });
    const approval = await server.request({ title: "Sign the contract", reviewers: everyone });
    expect((await lawyer(server, "ana").approve(approval)).status).toBe("pending");
    host.groups.legal = ["ana", "bo", "cy"];
    expect((await lawyer(server, "bo").approve(approval)).status).toBe("pending");
    const ended = await lawyer(server, "cy").approve(approval);
    expect(ended.outcome?.decidedBy.map(({ id }) => id)).toEqual(["ana", "bo", "cy"]);
    expect(new Set(host.asked.map(String))).toEqual(new Set(["default,legal"]));
  });

  test("is reached without those who have left it once somebody approves again, or an admin names it again", async () => {
    const host = directory({ legal: ["ana", "bo", "cy"] });
    await using server = await startTestHoldpoint({ database: await create(), groupMembers: host.groupMembers });
    const ask = () => server.request({ title: "Sign the contract", reviewers: everyone });
    const [repeated, reassigned] = [await ask(), await ask()];
    for (const approval of [repeated, reassigned]) {
      await lawyer(server, "ana").approve(approval);
      expect((await lawyer(server, "bo").approve(approval)).status).toBe("pending");
    }
    const again = (): Promise<Approval> => lawyer(server, "bo").approve(repeated);
    const reassign = () =>
      server.as("kim", { role: "admin" }).post<Approval>(`/approvals/${reassigned.id}/reassign`, { groups: ["legal"] });
    expect([await again(), await reassign()]).toMatchObject([{ status: "pending" }, { status: "pending" }]);
    host.groups.legal = ["ana", "bo"];
    expect([await again(), await reassign()]).toMatchObject([{ status: "approved" }, { status: "approved" }]);
    expect(await server.eventTypes(reassigned)).toEqual(await server.eventTypes(repeated));
  });

  test("is named by the admin who asked, as long as others in it have yet to approve", async () => {
    const host = directory({ legal: ["ana", "bo"] });
    await using server = await startTestHoldpoint({ database: await create(), groupMembers: host.groupMembers });
    const kim = server.as("kim", { role: "admin" });
    const own = await kim.request({ title: "Sign", reviewers: { users: ["cy"], groups: ["legal"], quorum: "all" } });
    await server.as("cy").approve(own);
    await lawyer(server, "ana").approve(own);
    const reassign = () => kim.post<Approval>(`/approvals/${own.id}/reassign`, { groups: ["legal"] });
    expect(await reassign()).toMatchObject({ status: "pending", stages: [{ users: [], groups: ["legal"] }] });
    host.groups.legal = ["ana"];
    await expect(reassign()).rejects.toMatchObject({ code: "self_approval" });
    host.groups.legal = ["ana", "bo"];
    expect((await lawyer(server, "bo").approve(own)).status).toBe("approved");
  });

  test("is decided by nobody while the host can't say who is in it", async () => {
    let trouble: Error | undefined = new Error("The directory is down.");
    const groupMembers: LookUpGroups = async () => {
      if (trouble) throw trouble;
      return { legal: ["ana"] };
    };
    await using server = await startTestHoldpoint({ database: await create(), groupMembers, logger });
    const approval = await server.request({ title: "Sign the contract", reviewers: everyone });
    await expect(lawyer(server, "ana").approve(approval)).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining('"legal"'),
    });
    expect(await server.eventTypes(approval)).toEqual(["approval.requested"]);
    trouble = undefined;
    expect((await lawyer(server, "ana").approve(approval)).status).toBe("approved");
  });

  test("is counted by the stage that is open once the host has answered", async () => {
    const held = Promise.withResolvers<void>();
    const asked: string[][] = [];
    const groupMembers: LookUpGroups = async (_tenantId, names) => {
      if (asked.push([...names]) === 1) await held.promise;
      return { legal: ["bo"], ops: ["ana", "cy"] };
    };
    await using server = await startTestHoldpoint({ database: await create(), groupMembers });
    const stages = [everyone, { groups: ["ops"], quorum: "all" as const }];
    const approval = await server.request({ title: "Sign the contract", stages });
    const late = server.as("ana", { groups: ["legal", "ops"] }).approve(approval);
    await expect.poll(() => asked).toEqual([["legal"]]);
    expect(await lawyer(server, "bo").approve(approval)).toMatchObject({ status: "pending", stage: 1 });
    held.resolve();
    expect((await late).decisions).toMatchObject([{ stage: 0 }, { by: { id: "ana" }, stage: 1 }]);
    expect(asked).toEqual([["legal"], ["legal"], ["ops"]]);
    expect((await server.as("cy", { groups: ["ops"] }).approve(approval)).status).toBe("approved");
  });
});

test("a host that doesn't answer in five seconds has said nothing", async () => {
  const clock = createManualClock();
  const asked = Promise.withResolvers<void>();
  const groupMembers: LookUpGroups = () => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  await using server = await startTestHoldpoint({ clock, groupMembers, logger });
  const approval = await server.request({ title: "Sign the contract", reviewers: everyone });
  const deciding = lawyer(server, "ana").approve(approval);
  const refused = expect(deciding).rejects.toMatchObject({ code: "unavailable", status: 503 });
  await asked.promise;
  clock.advance(5_000);
  await refused;
  expect((await lawyer(server, "ana").approval(approval.id)).decisions).toEqual([]);
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["a list", ["ana"]],
  ["people that are no ids", { legal: [{ id: "ana" }] }],
  ["one id in place of a list", { legal: "ana" }],
])("a host that answers with %s has said nothing", async (_what, answer) => {
  const groupMembers = (async () => answer) as LookUpGroups;
  await using server = await startTestHoldpoint({ groupMembers, logger });
  const approval = await server.request({ title: "Sign the contract", reviewers: everyone });
  await expect(lawyer(server, "ana").approve(approval)).rejects.toMatchObject({ code: "unavailable" });
});

test("the host is asked only where it matters, and once for decisions that are given together", async () => {
  const host = directory({ legal: ["ana", "bo"] });
  await using server = await startTestHoldpoint({ groupMembers: host.groupMembers });
  const ana = lawyer(server, "ana");
  const any = await server.request({ title: "Any lawyer", reviewers: { groups: ["legal"], quorum: 2 } });
  const [first, second, third] = await Promise.all(
    ["One", "Two", "Three"].map((title) => server.request({ title, reviewers: everyone })),
  );
  if (!first || !second || !third) throw new Error("not requested");
  await ana.approve(any);
  await lawyer(server, "bo").reject(third);
  await expect(ana.approve({ ...first, digest: "0".repeat(64) })).rejects.toMatchObject({ code: "digest_mismatch" });
  await expect(server.as("gus", { role: "auditor" }).approve(first)).rejects.toMatchObject({ code: "not_a_reviewer" });
  expect(host.asked).toEqual([]);
  const items = [first, second].map(({ id, digest }) => ({ id, digest }));
  const { results } = await ana.post<{ results: BulkResult[] }>("/approvals/respond", { items, type: "approve" });
  expect(results.map(({ ok }) => ok)).toEqual([true, true]);
  expect(host.asked).toEqual([["default", "legal"]]);
});

test("the viewer's own groups say who may decide, whatever the host says of the group", async () => {
  const { groupMembers } = directory({ legal: ["ana"] });
  await using server = await startTestHoldpoint({ groupMembers });
  const approval = await server.request({ title: "Sign the contract", reviewers: everyone });
  await expect(server.as("ana").approve(approval)).rejects.toMatchObject({ code: "not_found" });
  expect(await lawyer(server, "bo").approve(approval)).toMatchObject({ status: "pending", decisions: [{}] });
  expect((await lawyer(server, "ana").approve(approval)).status).toBe("approved");
});

test("without a host to ask, one of the group is enough", async () => {
  await using server = await startTestHoldpoint();
  const approval = await server.request({ title: "Sign the contract", reviewers: everyone });
  expect((await lawyer(server, "ana").approve(approval)).status).toBe("approved");
});
