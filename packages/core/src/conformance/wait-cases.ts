import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { Approvals } from "../approval/approvals.ts";
import type { ConformanceCase, ConformanceHarness } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused } from "./expectation.ts";
import { approve, email, question } from "./samples.ts";

/** Waiting for an outcome, and time running out. */
export const waitCases: ConformanceCase[] = [
  {
    name: "waiting ends when the approval does",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const waiting = agent.wait(approval.id, { timeout: 30 });
      await ana.respond(approval.id, approve(approval));
      expectEqual((await waiting).status, "approved", "status");
    },
  },
  {
    name: "waiting for what has ended answers at once",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      await ana.respond(approval.id, approve(approval));
      expectEqual((await agent.wait(approval.id, { timeout: 30 })).status, "approved", "status");
    },
  },
  {
    name: "waiting gives the pending approval when the time is over",
    async run(harness) {
      const { agent } = await cast(harness);
      const approval = await agent.request(email);
      expectEqual((await agent.wait(approval.id, { timeout: 0 })).status, "pending", "status");
    },
  },
  {
    name: "waiting can be given up",
    async run(harness) {
      const { agent } = await cast(harness);
      const approval = await agent.request(email);
      const controller = new AbortController();
      const waiting = agent.wait(approval.id, { timeout: 30, signal: controller.signal }).then(
        () => "ended",
        () => "given up",
      );
      controller.abort();
      expectEqual(await waiting, "given up", "the wait");
    },
  },
  {
    name: "an approval times out as timed_out, never as a rejection",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const { id, digest, status, outcome, decisions } = await timedOut(harness, agent, email);
      expectEqual([status, outcome?.status, outcome?.approved], ["timed_out", "timed_out", false], "the outcome");
      expectEqual([outcome?.decidedBy, decisions], [[], []], "who decided");
      await expectRefused(ana.respond(id, { type: "approve", digest }), "already_resolved");
    },
  },
  {
    name: "a time-out that approves or rejects is a decision of the system via timeout",
    async run(harness) {
      const { agent } = await cast(harness);
      const yes = await timedOut(harness, agent, { ...email, onTimeout: "approve" });
      const no = await timedOut(harness, agent, { ...email, onTimeout: "reject" });
      expectEqual(
        [yes.status, yes.outcome?.approved, yes.outcome?.args],
        ["timed_out", true, email.action?.args],
        "yes",
      );
      expectEqual([no.status, no.outcome?.approved], ["timed_out", false], "no");
      expectEqual([yes.decisions[0]?.via, yes.decisions[0]?.by.id], ["timeout", "holdpoint"], "the decision");
    },
  },
  {
    name: "a question that nobody answers times out",
    async run(harness) {
      const { agent } = await cast(harness);
      expectEqual((await timedOut(harness, agent, question)).outcome?.answer, undefined, "the answer");
    },
  },
];

async function timedOut(harness: ConformanceHarness, approvals: Approvals, request: ApprovalRequest) {
  const { id } = await approvals.request({ ...request, timeout: "50ms" });
  await harness.advance?.(50);
  return approvals.wait(id, { timeout: 30 });
}
