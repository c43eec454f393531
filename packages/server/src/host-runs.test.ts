import { type Viewer, workflow } from "@holdpoint/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestHoldpoint, type TestHoldpoint } from "./testing.ts";

const refund = workflow("refund", { version: 1 }, async (run, _input: object) => {
  const { approved } = await run.approval("pay", { title: "Refund order 7" });
  return { approved };
});

interface Parcel {
  order: string;
}

const shipV1 = workflow("ship", { version: 1 }, async (_run, { order }: Parcel) => `shipped ${order}`);

const shipV2 = workflow("ship", { version: 2 }, async (_run, { order }: Parcel) => `shipped ${order} again`);

const ana: Viewer = { id: "ana", tenantId: "default", groups: [], role: "reviewer" };

describe("runs in process", () => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint({ workflows: [refund, shipV1, shipV2] });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** The approval that a run waits for. */
  const gateOf = (runId: string) =>
    vi.waitFor(
      async () => {
        const { items } = await server.holdpoint.approvals.list({ runId, status: ["pending"] });
        if (!items[0]) throw new Error(`Run ${runId} waits for nothing.`);
        return items[0];
      },
      { timeout: 60_000 },
    );

  test("a run that the host starts for its owner is the owner's, who may not decide it", async () => {
    const { runs, approvals } = server.holdpoint;
    const { id } = await runs.start({ workflow: "refund", input: {} }, { owner: { id: "ana", name: "Ana" } });
    expect(await runs.as(ana).get(id)).toMatchObject({ owner: { id: "ana", name: "Ana" } });
    const gate = await gateOf(id);
    const byOwner = approvals.as(ana).respond(gate.id, { approved: true });
    await expect(byOwner).rejects.toMatchObject({ code: "self_approval" });
    await approvals.as({ ...ana, id: "bo" }).respond(gate.id, { type: "approve", digest: gate.digest });
    expect(await runs.wait(id)).toMatchObject({ status: "completed", output: { approved: true } });
  });

  test("a run is started by its workflow's definition, in that version and with input of its type", async () => {
    const { runs } = server.holdpoint;
    const input: Parcel = { order: "7" };
    const { id, version } = await runs.start({ workflow: shipV1, input });
    expect(version).toBe(1);
    expect(await runs.wait(id)).toMatchObject({ status: "completed", output: "shipped 7" });
    const started = await runs.as(ana).start({ workflow: shipV2, input, key: "order 7" });
    expect(started).toMatchObject({ workflow: "ship", version: 2, input, key: "order 7", owner: { id: "ana" } });
    // @ts-expect-error the workflow's input has an order
    expect((await runs.start({ workflow: shipV1, input: {} })).input).toEqual({});
  });

  test("a definition that the server doesn't have is refused", async () => {
    const later = workflow("ship", { version: 3 }, async () => "lost");
    await expect(server.holdpoint.runs.start({ workflow: later, input: null })).rejects.toMatchObject({
      code: "invalid_request",
      message: 'version: there is no version 3 of "ship"; the latest is 2.',
    });
  });

  test("a run of another tenant is not found", async () => {
    const { runs } = server.holdpoint;
    const { id } = await runs.start({ workflow: "refund", input: {} }, { tenantId: "globex" });
    await expect(runs.get(id)).rejects.toMatchObject({ code: "not_found" });
    expect(await runs.as({ ...ana, tenantId: "globex", role: "admin" }).get(id)).toMatchObject({ id });
  });

  test("a cancelled run withdraws its approval with the reason that was given", async () => {
    const { runs, approvals } = server.holdpoint;
    const { id } = await runs.start({ workflow: "refund", input: {} });
    const gate = await gateOf(id);
    await runs.cancel(id, { reason: "The order was returned." });
    expect(await approvals.get(gate.id)).toMatchObject({
      status: "cancelled",
      outcome: { reason: "The order was returned." },
    });
  });

  test("who gave up before the wait began is told so, and not after it", async () => {
    const { runs } = server.holdpoint;
    const start = () => runs.start({ workflow: "refund", input: {} });
    const { id } = await start();
    const wait = runs.wait(id, { timeout: 60, signal: AbortSignal.abort(new Error("The page was left.")) });
    const told = wait.catch(({ message }) => message);
    const another = start().then((run) => gateOf(run.id));
    expect(await Promise.race([told, another])).toBe("The page was left.");
  });

  test("input that the HTTP routes would refuse is refused here by the field's name", async () => {
    const { runs } = server.holdpoint;
    await expect(runs.list({ limit: 0 })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("limit"),
    });
    // @ts-expect-error JavaScript callers can leave it out
    await expect(runs.start({ input: {} })).rejects.toMatchObject({ message: expect.stringContaining("workflow") });
  });
});
