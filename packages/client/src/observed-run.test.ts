import { type Approval, workflow } from "@holdpoint/core";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { createClient } from "./client.ts";
import { ObservedRun } from "./observed-run.ts";
import { startStore, watch } from "./test-store.ts";

const asking = workflow("asking", { version: 1 }, async (run) => {
  await run.step("draft", () => "Hello");
  const { approved } = await run.approval("send", { title: "Send it?" });
  return { approved };
});

/** A server with a run of ana's that waits for its approval. */
async function startWaiting() {
  const server = await startTestHoldpoint({ workflows: [asking] });
  const run = await server.holdpoint.runs.start({ workflow: "asking", input: null }, { owner: { id: "ana" } });
  return { server, run, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test("a run that somebody looks at shows its steps, and goes on the moment its approval is decided", async () => {
  await using waiting = await startWaiting();
  const { server, run } = waiting;
  using store = startStore(server, "ana");
  const observed = store.observeRun(run.id);
  using _run = watch(observed);
  await expect.poll(() => observed.get().run?.status).toBe("waiting");
  const steps = observed.get().run?.steps ?? [];
  expect(steps.map(({ name, status }) => `${name} ${status}`)).toEqual(["draft completed", "send waiting"]);
  const approval = await server.as("bo").get<Approval>(`/approvals/${steps[1]?.approvalId}`);
  await server.as("bo").approve(approval);
  await expect.poll(() => observed.get().run).toMatchObject({ status: "completed", output: { approved: true } });
});

test("a run is read again while somebody looks at it, and no more once it has ended", async () => {
  await using waiting = await startWaiting();
  const { server, run } = waiting;
  const client = createClient({ url: server.url, getToken: () => server.token("ana") });
  const alarms = new Set<() => void>();
  const clock = {
    now: () => Date.now(),
    after: (_ms: number, listener: () => void) => {
      alarms.add(listener);
      return () => alarms.delete(listener);
    },
  };
  const observed = new ObservedRun(run.id, {
    clock,
    now: clock.now,
    readRun: (id) => client.runs.get(id),
    mayReadRun: () => true,
    watchRun: () => undefined,
  });
  const watched = watch(observed);
  const isWaiting = () => observed.get().run?.status === "waiting" && alarms.size === 1;
  await expect.poll(() => isWaiting() || ring(alarms)).toBe(true);
  watched[Symbol.dispose]();
  expect(alarms.size).toBe(0);
  using _again = watch(observed);
  await expect.poll(() => alarms.size).toBe(1);
  await client.runs.cancel(run.id);
  ring(alarms);
  await expect.poll(() => observed.get().run?.status).toBe("cancelled");
  expect(alarms.size).toBe(0);
});

test("a run that isn't there, or that can't be changed, says so", async () => {
  await using waiting = await startWaiting();
  const { server, run } = waiting;
  using store = startStore(server, "cy");
  const observed = store.observeRun(run.id);
  using _run = watch(observed);
  await expect.poll(() => observed.get()).toMatchObject({ status: "error", error: { code: "not_found" } });
  await expect(store.cancelRun(run.id)).rejects.toMatchObject({ code: "not_found" });
  using owners = startStore(server, "ana");
  const own = owners.observeRun(run.id);
  using _own = watch(own);
  await expect.poll(() => own.get().run?.status).toBe("waiting");
  const [approvalId] = own.get().run?.steps?.flatMap((step) => step.approvalId ?? []) ?? [];
  await server.as("bo").post(`/approvals/${approvalId}/respond`, { approved: true });
  await expect.poll(() => own.get().run?.status).toBe("completed");
  await expect(owners.cancelRun(run.id)).rejects.toMatchObject({ code: "already_resolved" });
  expect(own.get()).toMatchObject({
    status: "ready",
    run: { status: "completed" },
    error: { code: "already_resolved" },
  });
});

function ring(alarms: Set<() => void>): void {
  for (const alarm of [...alarms]) if (alarms.delete(alarm)) alarm();
}
