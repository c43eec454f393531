import { approvalDigest, argsDigest } from "../approval/approval-digest.ts";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { approve, email } from "./samples.ts";

/** Asking, withdrawing, and what is refused. */
export const requestCases: ConformanceCase[] = [
  {
    name: "a request becomes a pending approval with the defaults filled in",
    async run(harness) {
      const { agent } = await cast(harness);
      const approval = await agent.request({ title: "Refund order 7" });
      expectTrue(/^apr_[0-9A-Za-z]{26}$/.test(approval.id), `an id of apr_ and 26 letters and digits: ${approval.id}`);
      const { status, kind, allow, risk, stages, revision, version, decisions, requestedBy } = approval;
      expectEqual(
        { status, kind, allow, risk },
        {
          status: "pending",
          kind: "approval",
          allow: ["approve", "reject"],
          risk: "medium",
        },
        "the approval",
      );
      expectEqual(
        { stages, revision, version, decisions },
        { stages: [], revision: 1, version: 1, decisions: [] },
        "it",
      );
      expectEqual(requestedBy?.id, "agent", "requestedBy");
    },
  },
  {
    name: "an approval that is read again is the one that was made, with the digest of what is shown",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const made = await agent.request(email);
      const read = await ana.get(made.id);
      expectEqual(read, made, "the approval");
      expectEqual(read.digest, approvalDigest(read), "the digest");
    },
  },
  {
    name: "reviewers in the short form become one stage",
    async run(harness) {
      const { agent } = await cast(harness);
      const { stages } = await agent.request({ ...email, reviewers: { groups: ["legal"], quorum: 2 } });
      expectEqual(stages, [{ users: [], groups: ["legal"], quorum: 2 }], "stages");
    },
  },
  {
    name: "the same key and body give the approval made first",
    async run(harness) {
      const { agent } = await cast(harness);
      const first = await agent.request({ ...email, key: "order-7" });
      const second = await agent.request({ ...email, key: "order-7" });
      expectEqual(second.id, first.id, "the id");
    },
  },
  {
    name: "the same key with another body is refused",
    async run(harness) {
      const { agent } = await cast(harness);
      await agent.request({ ...email, key: "order-7" });
      await expectRefused(agent.request({ ...email, key: "order-7", title: "Another" }), "idempotency_conflict");
    },
  },
  {
    name: "a key belongs to its tenant",
    async run(harness) {
      const { agent, outsider } = await cast(harness);
      const ours = await agent.request({ ...email, key: "order-7" });
      const theirs = await outsider.request({ ...email, key: "order-7", title: "Another" });
      expectTrue(ours.id !== theirs.id, "two approvals");
    },
  },
  ...refusals({
    "a title over 200 characters": [{ title: "x".repeat(201) }, "title"],
    "a blank title": [{ title: " " }, "title"],
    "what is not a duration": [{ title: "Wait", timeout: "soon" }, "timeout"],
    "a link that is not http": [
      { title: "Look", content: [{ type: "link", url: "javascript:alert(1)", label: "Look" }] },
      "url",
    ],
    "both reviewers and stages": [{ title: "Who?", reviewers: { users: ["ana"] }, stages: [] }, "reviewers"],
    "edit without an action": [{ title: "Edit what?", allow: ["approve", "edit"] }, "allow"],
    "a quorum nobody can reach": [{ title: "Two of one", reviewers: { users: ["ana"], quorum: 2 } }, "quorum"],
    "a schema that refers elsewhere": [
      { title: "Ref", action: { name: "a", args: 1, schema: { $ref: "https://example.com/s" } } },
      "schema",
    ],
  }),
  {
    name: "an unknown field is refused by name",
    async run(harness) {
      const { agent } = await cast(harness);
      const request = { ...email, colour: "red" } as ApprovalRequest;
      const error = await expectRefused(agent.request(request), "invalid_request");
      expectTrue(error.message.includes("colour"), `a message that names the field: ${error.message}`);
    },
  },
  {
    name: "arguments that don't fit their schema are refused with pointers",
    async run(harness) {
      const { agent } = await cast(harness);
      const action = { name: "send_email", args: { to: "ana@example.com", subject: "" }, schema: email.action?.schema };
      const error = await expectRefused(agent.request({ ...email, action }), "invalid_args");
      expectTrue(JSON.stringify(error.details).includes("/action/args/subject"), "a pointer to the field");
    },
  },
  {
    name: "who asked can withdraw a pending approval",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const { status, outcome } = await agent.cancel(approval.id, { reason: "Order withdrawn" });
      expectEqual(status, "cancelled", "status");
      expectEqual([outcome?.approved, outcome?.reason], [false, "Order withdrawn"], "the outcome");
      await expectRefused(ana.respond(approval.id, approve(approval)), "already_resolved");
    },
  },
  {
    name: "an approval can't be withdrawn twice, or after it was decided",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const approval = await agent.request(email);
      const decided = await ana.respond(approval.id, approve(approval));
      expectEqual(decided.outcome?.argsDigest, argsDigest(email.action?.args ?? null), "the arguments' digest");
      await expectRefused(agent.cancel(approval.id), "already_resolved");
    },
  },
];

function refusals(requests: Record<string, [ApprovalRequest, field: string]>): ConformanceCase[] {
  return Object.entries(requests).map(([what, [request, field]]) => ({
    name: `${what} is refused by name, and nothing is stored`,
    async run(harness) {
      const { agent, admin } = await cast(harness);
      const error = await expectRefused(agent.request(request), "invalid_request");
      expectTrue(error.message.includes(field), `a message that names ${field}: ${error.message}`);
      expectEqual((await admin.list()).items, [], "the list");
    },
  }));
}
