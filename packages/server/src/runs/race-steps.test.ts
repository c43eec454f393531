import { type Run, type RunContext, type ToolDefinition, workflow } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { respond } from "../approvals/respond.ts";
import { approvalsOfRun } from "../store/test-approvals.ts";
import { testDatabases } from "../store/test-databases.ts";
import { createTestClock } from "../test-clock.ts";
import type { RunsNode } from "./test-node.ts";
import { ana, bo, decide, eventually, gateOf, reaches, startTestNode } from "./test-runs.ts";

const wentOn = 'The run went on without this: "stop" came first.';
const start = (node: RunsNode, name: string) => node.runs.start(ana, { workflow: name, input: null });
const stepOf = ({ steps }: Run, name: string) => steps?.find((step) => step.name === name);
const stop = (branch: RunContext) => branch.approval("stop", { title: "Stop?" });

describe.each(testDatabases)("in a branch that loses, on $name", (kind) => {
  test("tool calls that are made at once are withdrawn, and what was approved before is done once", async () => {
    const sent: string[] = [];
    const args = z.object({ to: z.string() });
    const send: ToolDefinition = {
      name: "send",
      schema: args,
      execute({ to }: { to: string }) {
        sent.push(to);
        return `sent to ${to}`;
      },
    };
    const agent = workflow("agent", { version: 1 }, async (run) => {
      const won = await run.race({
        stop,
        work: async (branch) => {
          const [tool] = branch.gateTools([send], { require: ["send"] });
          return Promise.all(["ana", "bo", "cy"].map((to) => tool?.execute({ to }, { toolCallId: to })));
        },
      });
      await run.approval("after", { title: "Go on?" });
      return won.branch;
    });
    await using node = await startTestNode({ workflows: [agent] }, kind);
    const run = await start(node, "agent");
    const asked = (status: string) => async () => {
      const approvals = await approvalsOfRun(node.store.reader, "default", run.id);
      const calls = approvals.filter((approval) => approval.action?.name === "send" && approval.status === status);
      return calls.map((call) => ({ ...call, ...args.parse(call.action?.args) }));
    };
    await reaches(node, run, ({ status, steps }) => status === "waiting" && steps?.length === 4);
    const approved = (await asked("pending")()).find(({ to }) => to === "bo");
    await respond(node.ctx, bo, approved?.id ?? "", { approved: true });
    await reaches(node, run, ({ status }) => status === "waiting" && sent.length === 1);
    await decide(node, await reaches(node, run, "waiting"), "stop", { approved: true });
    const later = await reaches(node, run, (now) => now.status === "waiting" && stepOf(now, "after") !== undefined);
    const withdrawn = await asked("cancelled")();
    expect(withdrawn.map(({ to }) => to).sort()).toEqual(["ana", "cy"]);
    expect(withdrawn.map(({ outcome }) => outcome?.reason)).toEqual([wentOn, wentOn]);
    await decide(node, later, "after", { approved: true });
    expect((await reaches(node, run, "completed")).output).toBe("stop");
    expect(sent).toEqual(["bo"]);
  });

  test.each(["heeds its signal", "goes on past its timeout"])(
    "a step with a timeout that %s fails nothing",
    async (how) => {
      const clock = createTestClock();
      const late = Promise.withResolvers<void>();
      const signals: AbortSignal[] = [];
      const timed = workflow("timed", { version: 1 }, async (run) => {
        const work = (branch: RunContext) =>
          branch.step(
            "work",
            async ({ signal }) => {
              signals.push(signal);
              if (how === "heeds its signal") signal.addEventListener("abort", () => late.reject(signal.reason));
              await late.promise;
            },
            { timeout: "1m", retries: 0 },
          );
        const won = await run.race({ stop, work });
        await run.approval("after", { title: "Go on?" });
        return won.branch;
      });
      await using node = await startTestNode({ workflows: [timed], clock }, kind);
      const run = await start(node, "timed");
      const asks = await reaches(
        node,
        run,
        (now) => stepOf(now, "stop")?.approvalId !== undefined && signals.length > 0,
      );
      expect(signals[0]?.aborted).toBe(false);
      await decide(node, asks, "stop", { approved: true });
      await eventually(async () => signals[0]?.aborted);
      expect(signals[0]?.reason).toMatchObject({ message: wentOn });
      await reaches(node, run, (now) => stepOf(now, "after")?.approvalId !== undefined);
      clock.advance(120_000);
      late.reject(new Error("Too late"));
      await decide(node, await reaches(node, run, "waiting"), "after", { approved: true });
      const ended = await reaches(node, run, ({ status }) => status === "completed" || status === "failed");
      expect(ended).toMatchObject({ status: "completed", output: "stop" });
      expect(stepOf(ended, "work")?.status).not.toBe("failed");
      expect(gateOf(ended, "stop")).toMatchObject({ status: "completed" });
      expect(signals).toHaveLength(1);
    },
  );
});
