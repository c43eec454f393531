import { type RunContext, workflow } from "@holdpoint/core";
import { expect, test } from "vitest";
import { ana, decide, reaches, startTestNode } from "./test-runs.ts";

const notice = { message: "Hi", destination: { type: "email", email: "bo@example.com" } } as const;

test.each<[string, (run: RunContext) => Promise<unknown>]>([
  ['step("inner")', (run) => run.step("inner", () => 1)],
  ['approval("ask")', (run) => run.approval("ask", { title: "?" })],
  ['question("ask")', (run) => run.question("ask", { title: "?" })],
  ['sleep("nap")', (run) => run.sleep("nap", "1h")],
  ['sleepUntil("nap")', (run) => run.sleepUntil("nap", new Date(0))],
  ['waitForEvent("paid")', (run) => run.waitForEvent("paid", { event: "paid" })],
  ['invoke("child")', (run) => run.invoke("child", "other", { input: null })],
  ["notify()", (run) => run.notify(notice)],
  ["race()", (run) => run.race({ nap: (branch) => branch.sleep("nap", "1h") })],
])("run.%s inside a step fails the step at once, and says what to do", async (call, inner) => {
  const nested = workflow("nested", { version: 1 }, async (run) =>
    run.step("outer", async () => {
      await Promise.resolve();
      await inner(run);
    }),
  );
  await using node = await startTestNode({ workflows: [nested], concurrency: 1 });
  const run = await node.runs.start(ana, { workflow: "nested", input: null });
  const { status, error, steps } = await node.runs.wait(ana, run.id);
  expect(status).toBe("failed");
  expect(error?.message).toContain(
    `run.${call} is called inside step "outer": call it from the handler, beside the step.`,
  );
  expect(steps).toMatchObject([{ name: "outer", attempts: 1 }]);
});

test("a step of another attempt, of a branch or of a review is told apart from the handler too", async () => {
  const seen: string[] = [];
  const nested = workflow("nested", { version: 1 }, async (run) => {
    const ask = (from: string) => async () => {
      await run.approval("ask", { title: "?" }).catch(({ message }: Error) => seen.push(`${from}: ${message}`));
    };
    const again = ask("attempt");
    const secondTry = async ({ attempt }: { attempt: number }) => {
      if (attempt === 1) throw new Error("Busy");
      await again();
    };
    await run.step("retried", secondTry, { backoff: "1ms" });
    await run.race({ only: (branch) => branch.step("raced", ask("branch")) });
    const review = await run.approval("gate", { title: "?", action: { name: "act", args: null } });
    await review.execute(ask("review"));
    // Beside a step that executes, the handler may ask.
    await Promise.all([run.step("slow", () => Promise.resolve()), run.approval("beside", { title: "?" })]);
  });
  await using node = await startTestNode({ workflows: [nested] });
  const run = await node.runs.start(ana, { workflow: "nested", input: null });
  for (const gate of ["gate", "beside"]) {
    const asks = await reaches(
      node,
      run,
      (now) => now.steps?.some((step) => step.name === gate && step.approvalId !== undefined) ?? false,
    );
    await decide(node, asks, gate, { approved: true });
  }
  expect((await node.runs.wait(ana, run.id)).status).toBe("completed");
  const refused = (step: string) => expect.stringContaining(`run.approval("ask") is called inside step "${step}"`);
  expect(seen).toEqual([refused("retried"), refused("raced"), refused("gate:execute")]);
});
