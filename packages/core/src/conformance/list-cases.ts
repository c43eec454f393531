import type { ApprovalQuery } from "../approval/approval-query.ts";
import type { Approvals } from "../approval/approvals.ts";
import type { ConformanceCase } from "./case.ts";
import { cast } from "./cast.ts";
import { expectEqual, expectRefused, expectTrue } from "./expectation.ts";
import { approve, email, question } from "./samples.ts";

const titles = async (approvals: Approvals, query: ApprovalQuery): Promise<string[]> =>
  (await approvals.list({ sort: "createdAt", ...query })).items.map(({ title }) => title);

/** Filters, orders and pages. */
export const listCases: ConformanceCase[] = [
  {
    name: "a list is narrowed by every filter",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      const source = { engine: "holdpoint", workflow: "refunds", runId: "run-1" };
      await agent.request({ title: "Refund order 7", risk: "high", tags: ["money"], source });
      await agent.request({ ...question, title: "Which plan?", risk: "low" });
      const decided = await agent.request({ ...email, title: "Send 100% mail" });
      await ana.respond(decided.id, approve(decided));
      const expected: [ApprovalQuery, string[]][] = [
        [{ status: ["pending"] }, ["Refund order 7", "Which plan?"]],
        [{ status: ["approved", "rejected"] }, ["Send 100% mail"]],
        [{ kind: "question" }, ["Which plan?"]],
        [{ risk: ["high", "low"] }, ["Refund order 7", "Which plan?"]],
        [{ tag: "money" }, ["Refund order 7"]],
        [{ tag: "mon" }, []],
        [{ source: "refunds" }, ["Refund order 7"]],
        [{ source: "holdpoint" }, ["Refund order 7"]],
        [{ runId: "run-1" }, ["Refund order 7"]],
        [{ q: "ORDER refund" }, ["Refund order 7"]],
        [{ q: "send_email" }, ["Send 100% mail"]],
        [{ q: "0%" }, ["Send 100% mail"]],
        [{ status: ["pending"], risk: ["low"] }, ["Which plan?"]],
      ];
      for (const [query, wanted] of expected) expectEqual(await titles(ana, query), wanted, JSON.stringify(query));
    },
  },
  {
    name: "assignee=me lists what the viewer's own response can move on",
    async run(harness) {
      const { agent, ana, bo } = await cast(harness);
      const both = await agent.request({ title: "Both", reviewers: { users: ["ana", "bo"], quorum: 2 } });
      await agent.request({ title: "Later", stages: [{ users: ["bo"] }, { users: ["ana"] }] });
      await ana.request({ title: "Ana's own" });
      await agent.request({ title: "Anyone" });
      expectEqual(await titles(ana, { assignee: "me" }), ["Both", "Anyone"], "before");
      await ana.respond(both.id, approve(both));
      expectEqual(await titles(ana, { assignee: "me" }), ["Anyone"], "Ana's after her approval");
      expectEqual(await titles(bo, { assignee: "me" }), ["Both", "Later", "Ana's own", "Anyone"], "Bo's");
    },
  },
  {
    name: "the newest comes first unless another order is asked for",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      await agent.request({ title: "A", timeout: "2h" });
      await agent.request({ title: "B" });
      await agent.request({ title: "C", timeout: "1h" });
      expectEqual(await titles(ana, { sort: undefined }), ["C", "B", "A"], "by default");
      expectEqual(await titles(ana, { sort: "createdAt" }), ["A", "B", "C"], "by createdAt");
      expectEqual(await titles(ana, { sort: "deadlineAt" }), ["C", "A", "B"], "by deadlineAt");
    },
  },
  {
    name: "pages follow each other without gaps or repeats, also when something is added in between",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      for (let i = 0; i < 5; i++) await agent.request({ title: `No. ${i}` });
      const seen: string[] = [];
      for (let cursor: string | undefined, pages = 0; pages < 4; pages++) {
        const page = await ana.list({ limit: 2, cursor });
        seen.push(...page.items.map(({ title }) => title));
        cursor = page.nextCursor;
        if (cursor === undefined) break;
        await agent.request({ title: `Added ${pages}` });
      }
      expectEqual(seen, ["No. 4", "No. 3", "No. 2", "No. 1", "No. 0"], "what was seen");
    },
  },
  {
    name: "what is not a cursor, or a cursor of another order, is refused by name",
    async run(harness) {
      const { agent, ana } = await cast(harness);
      for (let i = 0; i < 2; i++) await agent.request({ title: `No. ${i}` });
      const { nextCursor } = await ana.list({ limit: 1 });
      expectTrue(nextCursor !== undefined, "a next page");
      for (const query of [{ cursor: "nonsense" }, { cursor: nextCursor, sort: "deadlineAt" as const }]) {
        const { message } = await expectRefused(ana.list(query), "invalid_request");
        expectTrue(message.includes("cursor"), `a message that names cursor: ${message}`);
      }
    },
  },
  {
    name: "a query out of bounds is refused by name",
    async run(harness) {
      const { ana } = await cast(harness);
      const { message } = await expectRefused(ana.list({ limit: 201 }), "invalid_request");
      expectTrue(message.includes("limit"), `a message that names limit: ${message}`);
    },
  },
];
