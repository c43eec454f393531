import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { ConformanceCase, ConformingApprovals } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { approve, edit, email, reject } from "./samples.ts";

const twoOfThree = { users: ["ana", "bo", "cy"], quorum: 2 };

/** Quorums, ordered stages, and edits among several reviewers. */
export const stageCases: ConformanceCase[] = [
  {
    name: "a quorum counts distinct people",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: twoOfThree });
      const once = await ana.respond(approval.id, approve(approval));
      const again = await ana.respond(approval.id, approve(approval));
      expectEqual(
        [once.status, again.decisions.length, again.version],
        ["pending", 1, once.version],
        "after one person",
      );
      const { status, outcome } = await bo.respond(approval.id, approve(approval));
      expectEqual(status, "approved", "status");
      expectEqual(
        outcome?.decidedBy.map(({ id }) => id),
        ["ana", "bo"],
        "decidedBy",
      );
    },
  },
  {
    name: "one rejection ends an approval that others approved",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: twoOfThree });
      await ana.respond(approval.id, approve(approval));
      const { status, outcome } = await bo.respond(approval.id, reject(approval, "No"));
      expectEqual([status, outcome?.decidedBy], ["rejected", [{ id: "bo", name: "Bo" }]], "the outcome");
    },
  },
  {
    name: 'a quorum of "all" waits for every person listed',
    async run(harness) {
      const { agent, ana, bo, cy } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana", "bo", "cy"], quorum: "all" } });
      const responses = [];
      for (const person of [ana, bo, cy]) responses.push(await person.respond(approval.id, approve(approval)));
      expectEqual(
        responses.map(({ status }) => status),
        ["pending", "pending", "approved"],
        "statuses",
      );
    },
  },
  {
    name: 'a quorum of "all" means all who may decide, so not who asked',
    async run(harness) {
      const { ana, bo } = await cast(harness);
      const approval = await ana.request({ ...email, reviewers: { users: ["ana", "bo"], quorum: "all" } });
      await expectRefused(ana.respond(approval.id, approve(approval)), "self_approval");
      const { status } = await bo.respond(approval.id, approve(approval));
      expectEqual(status, "approved", "status");
    },
  },
  {
    name: "a quorum that whoever asked would be needed for is refused, naming the field",
    async run(harness) {
      const { ana, agent } = await cast(harness);
      const pair = { users: ["ana", "bo"], quorum: 2 };
      const refused = async (who: ConformingApprovals, request: Partial<ApprovalRequest>, pointer: string) => {
        const { status, details } = await expectRefused(who.request({ ...email, ...request }), "invalid_request");
        expectEqual(status, 422, "the status");
        expectTrue(JSON.stringify(details).includes(`"${pointer}"`), `${pointer} in ${JSON.stringify(details)}`);
      };
      await refused(ana, { stages: [{ users: ["cy"] }, pair] }, "/stages/1/quorum");
      await refused(ana, { reviewers: pair }, "/reviewers/quorum");
      await refused(agent, { stages: [pair], requestedBy: { id: "bo", kind: "user" } }, "/stages/0/quorum");
      for (const fine of [{ selfApproval: true }, { reviewers: twoOfThree }, { reviewers: { ...pair, quorum: 1 } }]) {
        expectEqual((await ana.request({ ...email, reviewers: pair, ...fine })).status, "pending", "status");
      }
      const ladder = [{ after: "1h", escalate: { users: ["cy"] } }];
      expectEqual(
        (await ana.request({ ...email, reviewers: pair, ladder })).status,
        "pending",
        "with a ladder, status",
      );
    },
  },
  {
    name: "stages open one after the other, each for its own reviewers",
    async run(harness) {
      const { agent, ana, bo, cy } = await cast(harness);
      const stages = [
        { name: "Editorial", users: ["cy"] },
        { name: "Legal", groups: ["legal"] },
      ];
      const approval = await agent.request({ ...email, stages });
      await expectRefused(ana.respond(approval.id, approve(approval)), "not_a_reviewer");
      const opened = await cy.respond(approval.id, approve(approval));
      expectEqual([opened.status, opened.stage], ["pending", 1], "after the first stage");
      await expectRefused(cy.respond(approval.id, approve(approval)), "not_a_reviewer");
      const { status, outcome } = await bo.respond(approval.id, approve(approval));
      expectEqual([status, outcome?.decidedBy.map(({ id }) => id)], ["approved", ["cy", "bo"]], "the outcome");
      expectTrue((await ana.get(approval.id)).status === "approved", "that Ana sees it");
    },
  },
  {
    name: "an edit under a quorum opens a new revision, and counting starts again with the editor",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: twoOfThree });
      await ana.respond(approval.id, approve(approval));
      const args = { to: "ana@example.com", subject: "Fridays" };
      const revised = await bo.respond(approval.id, edit(approval, args));
      expectEqual([revised.status, revised.revision, revised.action?.args], ["pending", 2, args], "after the edit");
      expectTrue(revised.digest !== approval.digest, "another digest");
      await expectRefused(ana.respond(approval.id, approve(approval)), "digest_mismatch");
      const { status, outcome } = await ana.respond(approval.id, approve(revised));
      expectEqual([status, outcome?.args, outcome?.edited], ["approved", args, true], "the outcome");
      expectEqual(
        outcome?.decidedBy.map(({ id }) => id),
        ["bo", "ana"],
        "decidedBy",
      );
    },
  },
  {
    name: "an edit in a later stage asks the earlier one again",
    async run(harness) {
      const { agent, ana, cy } = await cast(harness);
      const approval = await agent.request({ ...email, stages: [{ users: ["cy"] }, { users: ["ana"] }] });
      await cy.respond(approval.id, approve(approval));
      const args = { to: "ana@example.com", subject: "Fridays" };
      const revised = await ana.respond(approval.id, edit(approval, args));
      expectEqual([revised.status, revised.stage, revised.revision], ["pending", 0, 2], "after the edit");
      const { status, outcome } = await cy.respond(approval.id, approve(revised));
      expectEqual([status, outcome?.args], ["approved", args], "the outcome: the editor has approved already");
    },
  },
];
