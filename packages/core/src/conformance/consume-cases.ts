import { argsDigest } from "../approval/approval-digest.ts";
import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused } from "./expectation.ts";
import { approve, edit, email, reject } from "./samples.ts";

/** The right to execute, which an approval gives once. */
export const consumeCases: ConformanceCase[] = [
  {
    name: "what was approved is executed once",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const { outcome } = await ana.respond(approval.id, approve(approval));
      const consumed = await agent.consume(approval.id, { argsDigest: outcome?.argsDigest });
      expectEqual([consumed.status, consumed.consumedBy?.id], ["approved", "agent"], "status and consumedBy");
      const again = agent.consume(approval.id, { argsDigest: outcome?.argsDigest });
      const error = await expectRefused(again, "already_consumed");
      const { consumedAt, consumedBy } = consumed;
      expectEqual(error.details, { consumedAt, consumedBy }, "details");
    },
  },
  {
    name: "of several who execute at once one may",
    async run(harness) {
      const { agent, ana, admin } = await cast(harness);
      const approval = await agent.request(email);
      const { outcome } = await ana.respond(approval.id, approve(approval));
      const { argsDigest } = outcome ?? {};
      const calls = [agent, admin, agent, admin].map((who) => who.consume(approval.id, { argsDigest }));
      const settled = await Promise.allSettled(calls);
      expectEqual(settled.filter(({ status }) => status === "fulfilled").length, 1, "the number of winners");
    },
  },
  {
    name: "who repeats a consumption with its idempotency key gets the approval again",
    async run(harness) {
      const { agent, ana, admin } = await cast(harness);
      const approval = await agent.request(email);
      const { outcome } = await ana.respond(approval.id, approve(approval), { idempotencyKey: "one" });
      const input = { argsDigest: outcome?.argsDigest };
      const first = await agent.consume(approval.id, input, { idempotencyKey: "one" });
      expectEqual(await agent.consume(approval.id, input, { idempotencyKey: "one" }), first, "the second result");
      await expectRefused(agent.consume(approval.id, input, { idempotencyKey: "two" }), "already_consumed");
      await expectRefused(admin.consume(approval.id, input, { idempotencyKey: "one" }), "already_consumed");
      const other = agent.consume(approval.id, { argsDigest: argsDigest({}) }, { idempotencyKey: "one" });
      await expectRefused(other, "idempotency_conflict");
    },
  },
  {
    name: "other arguments than those approved are not executed, and the right to execute stays",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const args = { to: "ana@example.com", subject: "Fridays" };
      await ana.respond(approval.id, edit(approval, args));
      const asked = { argsDigest: argsDigest(email.action?.args ?? null) };
      const error = await expectRefused(
        agent.consume(approval.id, asked, { idempotencyKey: "one" }),
        "digest_mismatch",
      );
      expectEqual(error.details, { argsDigest: argsDigest(args) }, "details");
      await expectRefused(agent.consume(approval.id, {}), "digest_mismatch");
      await expectRefused(agent.consume(approval.id, { argsDigest: "abc" }), "invalid_request");
      const edited = { argsDigest: argsDigest(args) };
      const consumed = await agent.consume(approval.id, edited, { idempotencyKey: "one" });
      expectEqual(consumed.consumedBy?.id, "agent", "consumedBy");
    },
  },
  {
    name: "only what was approved is executed",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const [open, rejected] = [await agent.request(email), await agent.request(email)];
      await ana.respond(rejected.id, reject(rejected));
      const input = { argsDigest: argsDigest(email.action?.args ?? null) };
      await expectRefused(agent.consume(open.id, input), "decision_not_allowed");
      await expectRefused(agent.consume(rejected.id, input), "decision_not_allowed");
    },
  },
  {
    name: "who asked executes, and admins; reviewers and auditors don't",
    async run(harness) {
      const { agent, ana, admin, auditor, outsider } = await cast(harness);
      const approval = await agent.request({ title: "Restart the server" });
      await ana.respond(approval.id, approve(approval));
      await expectRefused(ana.consume(approval.id, {}), "forbidden");
      await expectRefused(auditor.consume(approval.id, {}), "forbidden");
      await expectRefused(outsider.consume(approval.id, {}), "not_found");
      expectEqual((await admin.consume(approval.id, {})).consumedBy?.id, "admin", "consumedBy");
    },
  },
];
