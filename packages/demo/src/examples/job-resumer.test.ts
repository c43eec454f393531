import { resumerConformance, type WaiterState } from "@holdpoint/core/conformance";
import { startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { jobResumer } from "./job-resumer.ts";
import { type Service, type ServiceCall, startService } from "./test-service.ts";

/** What runs the jobs, and the approvals that it went on with. */
async function startJobs() {
  const resumed: string[] = [];
  const known = new Set<unknown>();
  const resume = (call: ServiceCall) => {
    const isNew = !known.has(call.headers["idempotency-key"]);
    known.add(call.headers["idempotency-key"]);
    if (isNew) resumed.push(...JSON.parse(call.body).map(({ approvalId }: { approvalId: string }) => approvalId));
    return isNew;
  };
  const answers: Record<WaiterState, Service["answer"]> = {
    waiting: (response, call) => void response.writeHead(resume(call) ? 204 : 409).end(),
    unreachable: (response) => void response.writeHead(503).end(),
    gone: (response) => void response.writeHead(410).end(),
  };
  return { service: await startService(answers.waiting), answers, resumed };
}

const resumerOf = ({ url }: Service) => jobResumer({ url, token: "secret" });

test.each([...resumerConformance])("the job resumer: $name", async ({ run }) => {
  const { service, answers, resumed } = await startJobs();
  await using jobs = service;
  await run({
    resumer: resumerOf(jobs),
    ref: "build-42",
    waiter: (state) => {
      jobs.answer = answers[state];
    },
    resumed: () => resumed,
  });
});

test("a job that asked is resumed with the outcome", async () => {
  const { service } = await startJobs();
  await using jobs = service;
  await using server = await startTestHoldpoint({ resumers: [resumerOf(jobs)] });
  const approval = await server.request({ title: "Deploy", source: { engine: "jobs", ref: "build-42" } });
  await server.as("ana").reject(approval, "Not on a Friday");
  await expect.poll(async () => (await server.as("ana").approval(approval.id)).delivery).toBe("delivered");
  expect(jobs.calls.map(({ path }) => path)).toEqual(["/jobs/build-42/resume"]);
  const outcome = { status: "rejected", reason: "Not on a Friday" };
  expect(JSON.parse(jobs.calls[0]?.body ?? "")).toMatchObject([{ approvalId: approval.id, outcome }]);
});

test("a request that names no job is refused, naming the field", async () => {
  await using server = await startTestHoldpoint({ resumers: [jobResumer({ url: "http://127.0.0.1:9", token: "" })] });
  await expect(server.request({ title: "Deploy", source: { engine: "jobs", ref: { id: 42 } } })).rejects.toMatchObject({
    code: "invalid_request",
    details: [{ pointer: "/source/ref" }],
  });
});

test("a group whose members name different jobs is parked with the reason", async () => {
  const { service } = await startJobs();
  await using jobs = service;
  await using server = await startTestHoldpoint({ resumers: [resumerOf(jobs)] });
  const group = { key: "release-7", mode: "all" as const, size: 2 };
  for (const ref of ["build-42", "build-43"]) {
    const approval = await server.request({ title: "Deploy", group, source: { engine: "jobs", ref } });
    await server.as("ana").approve(approval);
  }
  const deliveries = () => server.as("root", { role: "admin" }).get<{ items: object[] }>("/deliveries");
  await expect
    .poll(async () => (await deliveries()).items)
    .toMatchObject([{ status: "parked", error: expect.stringContaining("one job") }]);
  expect(jobs.calls).toEqual([]);
});
