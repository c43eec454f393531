import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { approve, email } from "./samples.ts";

/** Claims: soft, and for a time. */
export const claimCases: ConformanceCase[] = [
  {
    name: "a claim shows who is working on it and until when, and keeps nobody from deciding",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request(email);
      const { claimedBy, claimExpiresAt = "", updatedAt } = await ana.claim(approval.id);
      expectEqual(claimedBy, { id: "ana", name: "Ana" }, "claimedBy");
      expectEqual(Date.parse(claimExpiresAt) - Date.parse(updatedAt), 600_000, "how long it holds");
      const decided = await bo.respond(approval.id, approve(approval));
      expectEqual([decided.status, decided.claimedBy], ["approved", undefined], "after Bo's decision");
    },
  },
  {
    name: "a second claim is refused while the first holds; the claimer renews it",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request(email);
      await ana.claim(approval.id, { for: "1h" });
      const error = await expectRefused(bo.claim(approval.id), "already_claimed");
      expectTrue(error.message.includes("Ana"), `a message that names Ana: ${error.message}`);
      const { claimExpiresAt = "", updatedAt } = await ana.claim(approval.id, { for: "24h" });
      expectEqual(Date.parse(claimExpiresAt) - Date.parse(updatedAt), 86_400_000, "how long it holds");
      await expectRefused(ana.claim(approval.id, { for: "25h" }), "invalid_request");
    },
  },
  {
    name: "a claim ends with its time",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request(email);
      await ana.claim(approval.id, { for: "50ms" });
      if (harness.advance) await harness.advance(50);
      else await agent.wait(approval.id, { timeout: 1 });
      expectEqual((await bo.claim(approval.id)).claimedBy?.id, "bo", "claimedBy");
    },
  },
  {
    name: "a claim is given up by who has it, or by an admin",
    async run(harness) {
      const { agent, ana, bo, admin } = await cast(harness);
      const approval = await agent.request(email);
      await ana.claim(approval.id);
      await expectRefused(bo.release(approval.id), "forbidden");
      const { claimedBy, claimExpiresAt, version } = await ana.release(approval.id);
      expectEqual([claimedBy, claimExpiresAt], [undefined, undefined], "the claim");
      expectEqual((await bo.release(approval.id)).version, version, "the version after releasing nothing");
      await bo.claim(approval.id);
      expectEqual((await admin.release(approval.id)).claimedBy, undefined, "claimedBy");
    },
  },
  {
    name: "a claim lasts through the decisions of others, and ends with the claimer's own and with its stage",
    async run(harness) {
      const { agent, ana, bo, cy } = await cast(harness);
      const stages = [{ users: ["ana", "bo", "cy"], quorum: 2 }, { users: ["cy"] }];
      const approval = await agent.request({ ...email, stages });
      await ana.claim(approval.id);
      expectEqual((await bo.respond(approval.id, approve(approval))).claimedBy?.id, "ana", "after Bo's approval");
      await ana.release(approval.id);
      await cy.claim(approval.id);
      const opened = await ana.respond(approval.id, approve(approval));
      expectEqual([opened.stage, opened.claimedBy], [1, undefined], "in the next stage");
      const two = await agent.request({ ...email, stages });
      await ana.claim(two.id);
      expectEqual((await ana.respond(two.id, approve(two))).claimedBy, undefined, "after Ana's own approval");
    },
  },
  {
    name: "only who can decide now claims",
    async run(harness) {
      const { agent, ana, cy, auditor, outsider } = await cast(harness);
      const approval = await agent.request({ ...email, stages: [{ users: ["ana"] }, { users: ["cy"] }] });
      await expectRefused(cy.claim(approval.id), "not_a_reviewer");
      await expectRefused(auditor.claim(approval.id), "not_a_reviewer");
      await expectRefused(outsider.claim(approval.id), "not_found");
      const own = await ana.request(email);
      await expectRefused(ana.claim(own.id), "self_approval");
      await agent.cancel(approval.id);
      await expectRefused(ana.claim(approval.id), "already_resolved");
    },
  },
];
