import type { Approval } from "../approval/approval.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { Approvals } from "../approval/approvals.ts";
import type { ConformanceCase, ConformanceHarness } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { approve, email } from "./samples.ts";

/** Reminders, escalations, leases: what time brings before the end. */
export const ladderCases: ConformanceCase[] = [
  {
    name: "an escalation asks others besides, and the outcome says so",
    async run(harness) {
      const { agent, ana, cy } = await cast(harness);
      const asked = await agent.request({
        ...email,
        reviewers: { users: ["ana"] },
        ladder: [{ after: "50ms", escalate: { users: ["cy"] } }],
      });
      await expectRefused(cy.get(asked.id), "not_found");
      const escalated = await reaches(harness, agent, asked, 50, ({ rung }) => rung === 1);
      expectEqual([escalated.stages[0]?.users, escalated.digest], [["ana", "cy"], asked.digest], "who is asked what");
      expectTrue((await ana.list({ assignee: "me" })).items.length === 1, "it to be Ana's to decide still");
      const decided = await cy.respond(asked.id, approve(asked));
      expectEqual([decided.status, decided.outcome?.escalated], ["approved", true], "the outcome");
    },
  },
  {
    name: "who is replaced by an escalation decides no longer, but still looks and learns the end",
    async run(harness) {
      const { agent, ana, bo, cy } = await cast(harness);
      const asked = await agent.request({
        ...email,
        reviewers: { users: ["ana"], groups: ["legal"] },
        ladder: [{ after: "50ms", escalate: { users: ["cy"], replace: true } }],
      });
      await reaches(harness, agent, asked, 50, ({ rung }) => rung === 1);
      for (const person of [ana, bo]) {
        expectEqual((await person.get(asked.id)).status, "pending", "what they see");
        await expectRefused(person.respond(asked.id, approve(asked)), "not_a_reviewer");
        expectEqual((await person.list()).items.length, 1, "their list");
        expectEqual((await person.list({ assignee: "me" })).items.length, 0, "what is theirs to decide");
      }
      await cy.respond(asked.id, approve(asked));
      for (const person of [ana, bo]) {
        const late = await expectRefused(person.respond(asked.id, approve(asked)), "already_resolved");
        expectTrue(late.message.includes("Cy"), `"${late.message}" to say who decided`);
        expectEqual((await person.list({ status: ["approved"] })).items.length, 1, "their list of what has ended");
      }
    },
  },
  {
    name: "a ladder is climbed in the order of time, and ends with the timeout",
    async run(harness) {
      const { agent } = await cast(harness);
      const asked = await agent.request({
        ...email,
        reviewers: { users: ["ana"] },
        ladder: [
          { after: "100ms", escalate: { users: ["cy"] } },
          { after: "50ms", remind: true },
        ],
        timeout: "150ms",
        onTimeout: "reject",
      });
      expectEqual(
        asked.ladder.map(({ after }) => after),
        ["50ms", "100ms"],
        "the order",
      );
      const ended = await reaches(harness, agent, asked, 150, ({ status }) => status !== "pending");
      expectEqual([ended.status, ended.rung, ended.outcome?.escalated], ["timed_out", 2, true], "the end");
    },
  },
  {
    name: "rungs that can't be reached are refused",
    async run(harness) {
      const { agent } = await cast(harness);
      const rung = { after: "2h", remind: true } as const;
      const late = await expectRefused(agent.request({ ...email, ladder: [rung], timeout: "1h" }), "invalid_request");
      expectTrue(late.message.includes("ladder[0].after"), `"${late.message}" to name the rung`);
      await expectRefused(agent.request({ ...email, ladder: [rung, rung] }), "invalid_request");
    },
  },
  {
    name: "business hours are resolved into moments when an approval is created",
    async run(harness) {
      const { agent } = await cast(harness);
      const businessHours = { timeZone: "Asia/Kolkata", days: [3], from: "09:30", to: "10:30" };
      const ladder: ApprovalRequest["ladder"] = [{ after: "30m", remind: true }];
      const asked = await agent.request({ ...email, businessHours, ladder, timeout: "1h" });
      const [remindAt = "", endsAt = ""] = [asked.ladder[0]?.at, asked.deadlineAt];
      expectTrue([3, 4].includes(new Date(remindAt).getUTCDay()), `${remindAt} to be a Wednesday's or the next day's`);
      expectTrue(Date.parse(endsAt) > Date.parse(remindAt), `${endsAt} to be later than ${remindAt}`);
      const none = { ...businessHours, days: [] };
      await expectRefused(agent.request({ ...email, businessHours: none, timeout: "1h" }), "invalid_request");
    },
  },
  {
    name: "an approval whose requester goes away is withdrawn, and late responders see why",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const asked = await agent.request({ ...email, lease: "50ms" });
      const { status, outcome } = await reaches(harness, agent, asked, 50, (now) => now.status !== "pending");
      expectEqual([status, outcome?.decidedBy], ["cancelled", []], "the outcome");
      const late = await expectRefused(ana.respond(asked.id, approve(asked)), "already_resolved");
      expectTrue(late.message.includes("The requester went away"), `"${late.message}" to say why`);
      await expectRefused(agent.heartbeat(asked.id), "already_resolved");
    },
  },
  {
    name: "heartbeats hold the lease, of who asked only",
    async run(harness) {
      const { agent, ana, cy, admin, outsider } = await cast(harness);
      const asked = await agent.request({ ...email, reviewers: { users: ["ana"] }, lease: "1h" });
      const kept = await agent.heartbeat(asked.id);
      expectEqual([kept.status, kept.lease, kept.updatedAt], ["pending", "1h", asked.updatedAt], "the approval");
      expectTrue((kept.leaseUntil ?? "") >= (asked.leaseUntil ?? "~"), "the lease to end later");
      await admin.heartbeat(asked.id);
      await expectRefused(ana.heartbeat(asked.id), "forbidden");
      await expectRefused(cy.heartbeat(asked.id), "not_found");
      await expectRefused(outsider.heartbeat(asked.id), "not_found");
      await expectRefused(agent.heartbeat((await agent.request(email)).id), "invalid_request");
    },
  },
  {
    name: "a list can be of what has been pending for long",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const decided = await agent.request(email);
      const asked = await agent.request(email);
      await ana.respond(decided.id, approve(decided));
      await reaches(harness, agent, asked, 20, async () => (await ana.list({ stale: "20ms" })).items.length > 0);
      const stale = async (query: object) => (await ana.list(query)).items.map(({ id }) => id);
      expectEqual(await stale({ stale: "20ms" }), [asked.id], "what is stale");
      expectEqual(await stale({ stale: "20ms", sort: "deadlineAt" }), [asked.id], "what is stale, by deadline");
      expectEqual(await stale({ stale: "1h" }), [], "what is stale after an hour");
      expectEqual(await stale({ stale: "20ms", status: ["approved"] }), [], "what is stale and approved");
    },
  },
];

/** Lets `ms` pass and gives the approval once it is as `is` wants it. */
async function reaches(
  harness: ConformanceHarness,
  approvals: Approvals,
  { id }: Approval,
  ms: number,
  is: (approval: Approval) => boolean | Promise<boolean>,
): Promise<Approval> {
  await harness.advance?.(ms);
  for (let look = 0; look < 1_000; look++) {
    const approval = await approvals.get(id);
    if (await is(approval)) return approval;
    // A real server looks at its deadlines in its own time; how long that takes is not asserted.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`approval ${id} did not get there in time`);
}
