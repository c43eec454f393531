import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused } from "./expectation.ts";
import { approve, email } from "./samples.ts";

/** Who may see, decide and withdraw. */
export const accessCases: ConformanceCase[] = [
  {
    name: "an approval does not exist for another tenant",
    async run(harness) {
      const { agent, outsider } = await cast(harness);
      const approval = await agent.request(email);
      await expectRefused(outsider.get(approval.id), "not_found");
      await expectRefused(outsider.respond(approval.id, approve(approval)), "not_found");
      await expectRefused(outsider.cancel(approval.id), "not_found");
      await expectRefused(outsider.wait(approval.id, { timeout: 0 }), "not_found");
      expectEqual((await outsider.list()).items, [], "their list");
      expectEqual((await agent.get(approval.id)).version, 1, "version");
    },
  },
  {
    name: "a key that somebody else has used shows nobody what they may not see",
    async run(harness) {
      const { agent, ana, cy } = await cast(harness);
      const request = { ...email, key: "offer-7", reviewers: { users: ["ana"] } };
      const approval = await agent.request(request);
      expectEqual((await ana.request(request)).id, approval.id, "what Ana gets");
      await expectRefused(cy.request(request), "idempotency_conflict");
    },
  },
  {
    name: "an unknown id is not found",
    async run(harness) {
      const { ana } = await cast(harness);
      await expectRefused(ana.get(`apr_${"0".repeat(26)}`), "not_found");
    },
  },
  {
    name: "a reviewer sees and decides what is addressed to them, their groups or nobody in particular",
    async run(harness) {
      const { agent, ana, cy } = await cast(harness);
      const open = await agent.request({ title: "Anyone" });
      const legal = await agent.request({ title: "Legal", reviewers: { groups: ["legal"] } });
      const personal = await agent.request({ title: "Cy", reviewers: { users: ["cy"] } });
      expectEqual(
        (await ana.list({ sort: "createdAt" })).items.map(({ id }) => id),
        [open.id, legal.id],
        "Ana's list",
      );
      expectEqual(
        (await cy.list({ sort: "createdAt" })).items.map(({ id }) => id),
        [open.id, personal.id],
        "Cy's list",
      );
      await expectRefused(cy.respond(legal.id, approve(legal)), "not_found");
      expectEqual((await ana.respond(legal.id, approve(legal))).status, "approved", "status");
    },
  },
  {
    name: "nobody approves their own request, not even an admin",
    async run(harness) {
      const { ana, bo, admin } = await cast(harness);
      const mine = await ana.request(email);
      const admins = await admin.request(email);
      await expectRefused(ana.respond(mine.id, approve(mine)), "self_approval");
      await expectRefused(admin.respond(admins.id, approve(admins)), "self_approval");
      expectEqual((await bo.respond(mine.id, approve(mine))).status, "approved", "by somebody else");
    },
  },
  {
    name: "naming somebody else as the requester does not make it somebody else's request",
    async run(harness) {
      const { ana } = await cast(harness);
      const mine = await ana.request({ ...email, requestedBy: { id: "bot", kind: "agent" } });
      await expectRefused(ana.respond(mine.id, approve(mine)), "self_approval");
    },
  },
  {
    name: "selfApproval lets the requester decide",
    async run(harness) {
      const { ana } = await cast(harness);
      const mine = await ana.request({ ...email, selfApproval: true });
      expectEqual((await ana.respond(mine.id, approve(mine))).status, "approved", "status");
    },
  },
  {
    name: "requesters see their own requests only, and decide nothing",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const own = await agent.request({ ...email, selfApproval: true });
      const other = await ana.request(email);
      expectEqual(
        (await agent.list()).items.map(({ id }) => id),
        [own.id],
        "the agent's list",
      );
      await expectRefused(agent.get(other.id), "not_found");
      await expectRefused(agent.respond(own.id, approve(own)), "not_a_reviewer");
    },
  },
  {
    name: "an auditor sees everything and changes nothing",
    async run(harness) {
      const { agent, auditor } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana"] } });
      expectEqual((await auditor.get(approval.id)).id, approval.id, "the id");
      await expectRefused(auditor.respond(approval.id, approve(approval)), "not_a_reviewer");
      await expectRefused(auditor.cancel(approval.id), "forbidden");
      await expectRefused(auditor.request(email), "forbidden");
      const named = await agent.request({ ...email, requestedBy: { id: "auditor", kind: "user" }, lease: "1h" });
      await expectRefused(auditor.heartbeat(named.id), "forbidden");
      await expectRefused(auditor.cancel(named.id), "forbidden");
    },
  },
  {
    name: "an admin decides without being listed",
    async run(harness) {
      const { agent, admin } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana"] } });
      expectEqual((await admin.respond(approval.id, approve(approval))).status, "approved", "status");
    },
  },
  {
    name: "only who asked and admins withdraw",
    async run(harness) {
      const { agent, ana, admin } = await cast(harness);
      const approval = await agent.request(email);
      await expectRefused(ana.cancel(approval.id), "forbidden");
      expectEqual((await admin.cancel(approval.id)).status, "cancelled", "status");
    },
  },
];
