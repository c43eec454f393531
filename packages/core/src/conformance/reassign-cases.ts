import type { ApprovalQuery } from "../approval/approval-query.ts";
import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { approve, email, reject } from "./samples.ts";

/** Who may give an approval other reviewers. */
export const reassignCases: ConformanceCase[] = [
  {
    name: "an admin gives the current stage other reviewers, and those before see it no longer",
    async run(harness) {
      const { agent, ana, cy, admin } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana"] } });
      await expectRefused(cy.get(approval.id), "not_found");
      const { stages, version } = await admin.reassign(approval.id, { users: ["cy"], comment: "Ana is away" });
      expectEqual([stages, version], [[{ users: ["cy"], groups: [], quorum: 1 }], 2], "the stages and version");
      await expectRefused(ana.get(approval.id), "not_found");
      await expectRefused(ana.respond(approval.id, approve(approval)), "not_found");
      expectEqual((await ana.list()).items, [], "Ana's list");
      expectEqual((await cy.respond(approval.id, approve(approval))).status, "approved", "status");
    },
  },
  {
    name: "a reviewer hands over their own place, and the others stay",
    async run(harness) {
      const { agent, ana, bo, cy } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana", "bo"] } });
      const { stages } = await ana.reassign(approval.id, { users: ["cy"] });
      expectEqual(stages[0]?.users, ["bo", "cy"], "the reviewers");
      await expectRefused(ana.get(approval.id), "not_found");
      expectEqual((await bo.get(approval.id)).status, "pending", "what Bo sees");
      expectEqual((await cy.respond(approval.id, approve(approval))).status, "approved", "status");
    },
  },
  {
    name: "where one approval is enough, handing over takes the place of the group or of everybody",
    async run(harness) {
      const { agent, ana, bo, cy } = await cast(harness);
      const legal = await agent.request({ ...email, reviewers: { groups: ["legal"] } });
      const anyone = await agent.request(email);
      expectEqual((await ana.reassign(legal.id, { users: ["cy"] })).stages[0]?.groups, [], "the groups");
      await expectRefused(bo.get(legal.id), "not_found");
      await cy.reassign(anyone.id, { groups: ["legal"] });
      await expectRefused(cy.get(anyone.id), "not_found");
      expectEqual((await bo.respond(anyone.id, approve(anyone))).status, "approved", "status");
    },
  },
  {
    name: "where several have to approve, a place goes to one other person, so that no voice is lost or gained",
    async run(harness) {
      const { agent, ana, bo, cy } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana", "bo"], quorum: "all" } });
      for (const to of [{ users: ["bo"] }, { users: ["cy", "dee"] }, { groups: ["legal"] }, {}]) {
        await expectRefused(ana.reassign(approval.id, to), "invalid_request");
      }
      await ana.reassign(approval.id, { users: ["cy"] });
      await bo.respond(approval.id, approve(approval));
      await expectRefused(bo.reassign(approval.id, { users: ["dee"] }), "forbidden");
      expectEqual((await cy.respond(approval.id, approve(approval))).status, "approved", "status");
    },
  },
  {
    name: "a place that is a group's can't be given away while several have to approve",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const two = await agent.request({ ...email, reviewers: { groups: ["legal"], quorum: 2 } });
      const both = await agent.request({ ...email, reviewers: { users: ["ana", "cy"], groups: ["legal"], quorum: 2 } });
      await expectRefused(ana.reassign(two.id, { users: ["cy"] }), "forbidden");
      await expectRefused(ana.reassign(both.id, { users: ["dee"] }), "forbidden");
    },
  },
  {
    name: "a quorum stays, must be reachable, and counts the approvals that are there",
    async run(harness) {
      const { agent, ana, bo, cy, admin } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana", "bo"], quorum: 2 } });
      const error = await expectRefused(admin.reassign(approval.id, { users: ["cy"] }), "invalid_request");
      expectTrue(error.message.includes("users"), `a message that names users: ${error.message}`);
      await ana.respond(approval.id, approve(approval));
      await admin.reassign(approval.id, { users: ["cy"] });
      await expectRefused(bo.get(approval.id), "not_found");
      const { status, outcome } = await cy.respond(approval.id, approve(approval));
      expectEqual([status, outcome?.decidedBy.map(({ id }) => id)], ["approved", ["ana", "cy"]], "the outcome");
    },
  },
  {
    name: "who has approved and is reassigned away still looks, repeats and learns the end, but decides nothing more",
    async run(harness) {
      const { agent, ana, bo, cy, admin } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { groups: ["legal"], quorum: 2 } });
      const once = await ana.respond(approval.id, approve(approval));
      const moved = await admin.reassign(approval.id, { users: ["cy", "dee"] });
      await expectRefused(bo.get(approval.id), "not_found");
      expectEqual(await ana.respond(approval.id, approve(approval)), moved, "the same approval again");
      expectEqual(moved.decisions, once.decisions, "the decisions");
      await expectRefused(ana.respond(approval.id, reject(approval)), "not_a_reviewer");
      const ids = async (query: ApprovalQuery) => (await ana.list(query)).items.map(({ id }) => id);
      expectEqual([await ids({}), await ids({ assignee: "me" })], [[approval.id], []], "Ana's lists");
      await cy.respond(approval.id, approve(approval));
      const late = await expectRefused(ana.respond(approval.id, reject(approval)), "already_resolved");
      expectTrue(late.message.includes("Ana and Cy"), `a message that says who decided: ${late.message}`);
    },
  },
  {
    name: "reviewers whose approvals suffice end an approval when it becomes theirs",
    async run(harness) {
      const { agent, ana, admin } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana", "bo"], quorum: "all" } });
      await ana.respond(approval.id, approve(approval));
      expectEqual((await admin.reassign(approval.id, { users: ["ana"] })).status, "approved", "status");
    },
  },
  {
    name: "nobody comes to decide their own request by reassigning it, or by being named",
    async run(harness) {
      const { ana, bo, admin } = await cast(harness);
      const own = await ana.request({ ...email, reviewers: { users: ["bo"] } });
      await expectRefused(ana.reassign(own.id, { users: ["cy"] }), "self_approval");
      await expectRefused(bo.reassign(own.id, { users: ["ana"] }), "self_approval");
      await expectRefused(admin.reassign(own.id, { users: ["cy", "ana"] }), "self_approval");
      await admin.reassign(own.id, { groups: ["legal"] });
      await expectRefused(ana.respond(own.id, approve(own)), "self_approval");
      expectEqual((await bo.respond(own.id, approve(own))).status, "approved", "by somebody else");
    },
  },
  {
    name: "who asked can't end the wait for others by reassigning it, even as an admin",
    async run(harness) {
      const { ana, cy, admin } = await cast(harness);
      const own = await admin.request({ ...email, reviewers: { users: ["ana", "bo"], quorum: "all" } });
      await ana.respond(own.id, approve(own));
      const error = await expectRefused(admin.reassign(own.id, { users: ["ana"] }), "self_approval");
      expectTrue(
        error.message.includes("somebody who has yet to approve"),
        `a message that says whom: ${error.message}`,
      );
      expectEqual((await admin.reassign(own.id, { users: ["ana", "cy"] })).status, "pending", "while others are asked");
      expectEqual((await cy.respond(own.id, approve(own))).status, "approved", "by who was asked instead");
    },
  },
  {
    name: "who isn't asked now, or only looks on, reassigns nothing",
    async run(harness) {
      const { agent, ana, cy, auditor, outsider } = await cast(harness);
      const approval = await agent.request({ ...email, stages: [{ users: ["ana"] }, { users: ["cy"] }] });
      await expectRefused(cy.reassign(approval.id, { users: ["bo"] }), "not_a_reviewer");
      await expectRefused(agent.reassign(approval.id, { users: ["bo"] }), "not_a_reviewer");
      await expectRefused(auditor.reassign(approval.id, { users: ["bo"] }), "not_a_reviewer");
      await expectRefused(outsider.reassign(approval.id, { users: ["bo"] }), "not_found");
      await ana.respond(approval.id, { type: "reject", digest: approval.digest });
      await expectRefused(ana.reassign(approval.id, { users: ["bo"] }), "already_resolved");
    },
  },
];
