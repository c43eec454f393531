import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { approve, email } from "./samples.ts";

/** Comments without a decision. */
export const commentCases: ConformanceCase[] = [
  {
    name: "who sees an approval comments on it, before the end and after, and it counts the comments",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request(email);
      const first = await ana.comment(approval.id, { text: "Is this the right address?" });
      expectEqual([first.commentCount, first.status, first.digest], [1, "pending", approval.digest], "after one");
      await agent.comment(approval.id, { text: "Yes." });
      await bo.respond(approval.id, approve(approval));
      const last = await ana.comment(approval.id, { text: "Thanks." });
      expectEqual([last.commentCount, last.status], [3, "approved"], "after the end");
    },
  },
  {
    name: "a comment needs words, not too many, and somebody who may write",
    async run(harness) {
      const { agent, ana, cy, auditor } = await cast(harness);
      const approval = await agent.request({ ...email, reviewers: { users: ["ana"] } });
      for (const text of ["", " \n", "x".repeat(4_001)]) {
        const { message } = await expectRefused(ana.comment(approval.id, { text }), "invalid_request");
        expectTrue(message.includes("text"), `a message that names text: ${message}`);
      }
      await expectRefused(auditor.comment(approval.id, { text: "Hm" }), "forbidden");
      await expectRefused(cy.comment(approval.id, { text: "Hm" }), "not_found");
      expectEqual((await ana.get(approval.id)).version, 1, "version");
    },
  },
];
