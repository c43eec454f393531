import { argsDigest } from "../approval/approval-digest.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { RespondInput } from "../approval/decision.ts";
import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { answer, approve, edit, email, question, reject } from "./samples.ts";

/** The four responses, in both forms, and what is refused. */
export const respondCases: ConformanceCase[] = [
  {
    name: "an approval that is approved carries the arguments to execute and their digest",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const { status, outcome, decisions } = await ana.respond(approval.id, approve(approval), { via: "ui" });
      const args = email.action?.args ?? null;
      expectEqual(status, "approved", "status");
      expectEqual([outcome?.approved, outcome?.args, outcome?.argsDigest], [true, args, argsDigest(args)], "outcome");
      expectEqual(outcome?.edited, undefined, "edited");
      expectEqual(outcome?.decidedBy, [{ id: "ana", name: "Ana" }], "decidedBy");
      expectEqual([decisions[0]?.type, decisions[0]?.digest], ["approve", approval.digest], "the decision");
    },
  },
  {
    name: "a rejection ends with the reviewer's reason and no arguments",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const { status, outcome } = await ana.respond(approval.id, reject(approval, "Wrong tone"));
      expectEqual(status, "rejected", "status");
      expectEqual([outcome?.approved, outcome?.reason, outcome?.args], [false, "Wrong tone", undefined], "outcome");
    },
  },
  {
    name: "an edit approves the edited arguments, and the outcome says so",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const args = { to: "ana@example.com", subject: "Fridays" };
      const { status, outcome, revision } = await ana.respond(approval.id, edit(approval, args));
      expectEqual([status, revision], ["approved", 1], "status and revision");
      expectEqual([outcome?.args, outcome?.argsDigest, outcome?.edited], [args, argsDigest(args), true], "outcome");
    },
  },
  {
    name: "edited arguments that don't fit the schema are refused with pointers, and the approval stays pending",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const error = await expectRefused(
        ana.respond(approval.id, edit(approval, { to: "x", subject: "" })),
        "invalid_args",
      );
      expectEqual(error.details, [{ pointer: "/subject", message: "must not be empty" }], "details");
      expectEqual((await ana.get(approval.id)).version, 1, "version");
    },
  },
  {
    name: "a question ends with its answer",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const asked = await agent.request(question);
      expectEqual(asked.allow, ["answer"], "allow");
      const { status, outcome } = await ana.respond(asked.id, answer(asked, { plan: "pro" }));
      expectEqual([status, outcome?.answer], ["answered", { plan: "pro" }], "outcome");
    },
  },
  {
    name: "an answer that doesn't fit the form is refused with pointers",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const asked = await agent.request(question);
      const error = await expectRefused(ana.respond(asked.id, answer(asked, {})), "invalid_args");
      expectEqual(error.details, [{ pointer: "/plan", message: "is required" }], "details");
    },
  },
  {
    name: "an outcome that its requester asks for is no delivery, and one that nothing can resume with has failed",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const engine = "an engine that nobody has set up";
      const decided = async (source?: ApprovalRequest["source"]) => {
        const { id } = await agent.request({ ...email, source });
        return (await ana.respond(id, { approved: true })).delivery;
      };
      expectEqual(await decided(), undefined, "delivery without a source");
      expectEqual(await decided({ engine, runId: "7", gate: "send" }), undefined, "delivery without a ref");
      expectEqual(await decided({ engine, ref: { token: "t" } }), "failed", "delivery with a ref");
      const { id } = await agent.request({ ...email, source: { engine } });
      expectEqual((await agent.cancel(id)).delivery, undefined, "delivery of what was cancelled");
    },
  },
  {
    name: "the short form approves and rejects",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const [first, second] = [await agent.request(email), await agent.request(email)];
      const approved = await ana.respond(first.id, { approved: true });
      const rejected = await ana.respond(second.id, { approved: false, reason: "No" });
      expectEqual([approved.status, approved.decisions[0]?.digest], ["approved", null], "approved");
      expectEqual([rejected.status, rejected.outcome?.reason], ["rejected", "No"], "rejected");
    },
  },
  {
    name: "a response that isn't allowed is refused",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request({ title: "Yes or no" });
      const asked = await agent.request(question);
      await expectRefused(ana.respond(approval.id, edit(approval, {})), "decision_not_allowed");
      await expectRefused(ana.respond(asked.id, approve(asked)), "decision_not_allowed");
      await expectRefused(ana.respond(asked.id, { approved: true }), "decision_not_allowed");
    },
  },
  {
    name: "a response with unknown or missing fields is refused by name",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const colour = { ...approve(approval), colour: "red" } as RespondInput;
      const bare: RespondInput = { type: "edit", digest: approval.digest };
      const named = async (input: RespondInput, field: string) => {
        const { message } = await expectRefused(ana.respond(approval.id, input), "invalid_request");
        expectTrue(message.includes(field), `a message that names ${field}: ${message}`);
      };
      await named(colour, "colour");
      await named(bare, "args");
      await named({ ...approve(approval), args: {} }, "args");
    },
  },
  {
    name: "a digest of something else than what is shown is refused with the current one",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const stale = { type: "approve", digest: "0".repeat(64) } as const;
      const error = await expectRefused(ana.respond(approval.id, stale), "digest_mismatch");
      expectEqual(error.details, { digest: approval.digest, revision: 1 }, "details");
    },
  },
  {
    name: "a late decision is told the outcome and who decided",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const approval = await agent.request(email);
      await ana.respond(approval.id, reject(approval));
      const error = await expectRefused(bo.respond(approval.id, approve(approval)), "already_resolved");
      expectTrue(error.message.includes("Ana"), `a message that names Ana: ${error.message}`);
      const details = error.details as { outcome: { status: string }; decidedBy: unknown };
      expectEqual([details.outcome.status, details.decidedBy], ["rejected", [{ id: "ana", name: "Ana" }]], "details");
    },
  },
  {
    name: "of many who decide at once exactly one wins",
    async run(harness) {
      const { agent, ana, bo, cy, admin } = await cast(harness);
      const approval = await agent.request(email);
      const calls = [ana, bo, cy, admin].map((person, i) =>
        person.respond(approval.id, i % 2 === 0 ? approve(approval) : reject(approval)),
      );
      const settled = await Promise.allSettled(calls);
      expectEqual(settled.filter(({ status }) => status === "fulfilled").length, 1, "the number of winners");
      for (const call of calls.filter((_, i) => settled[i]?.status === "rejected")) {
        await expectRefused(call, "already_resolved");
      }
      expectEqual((await ana.get(approval.id)).decisions.length, 1, "the number of decisions");
    },
  },
  {
    name: "the same response with the same idempotency key gives the stored result, also after the end",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const first = await ana.respond(approval.id, approve(approval), { idempotencyKey: "click-1" });
      const second = await ana.respond(approval.id, approve(approval), { idempotencyKey: "click-1" });
      expectEqual(second, first, "the second result");
    },
  },
  {
    name: "another response with the same idempotency key is refused",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      await ana.respond(approval.id, approve(approval), { idempotencyKey: "click-1" });
      const changed = ana.respond(approval.id, reject(approval), { idempotencyKey: "click-1" });
      await expectRefused(changed, "idempotency_conflict");
    },
  },
];
