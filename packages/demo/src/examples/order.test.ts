import { createManualClock, startTestHoldpoint } from "@holdpoint/server/testing";
import { expect, test } from "vitest";
import { orderWorkflows } from "./order.ts";

async function startShop(options: Parameters<typeof startTestHoldpoint>[0] = {}) {
  const told: string[] = [];
  const sales = {
    async send({ message = "" }: { message?: string }) {
      told.push(message);
      return {};
    },
  };
  const server = await startTestHoldpoint({ workflows: orderWorkflows, channels: { sales }, ...options });
  return { server, told, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test("A4: an order waits for the event of its own payment, which may also come first", async () => {
  await using shop = await startShop();
  const { runs, events } = shop.server.holdpoint;
  const started = await Promise.all(["7", "8"].map((orderId) => runs.start({ workflow: "order", input: { orderId } })));
  for (const orderId of ["8", "7"])
    await events.send({ name: "order.paid", data: { orderId, amount: Number(orderId) } });
  const ended = await Promise.all(started.map(({ id }) => runs.wait(id, { timeout: 30 })));
  expect(ended.map(({ output }) => output)).toEqual([
    { status: "invoiced", invoice: "Invoice for order 7: 7" },
    { status: "invoiced", invoice: "Invoice for order 8: 8" },
  ]);
});

test("B4: sales is told without the run waiting for it", async () => {
  await using shop = await startShop();
  const { runs, events } = shop.server.holdpoint;
  const { id } = await runs.start({ workflow: "order", input: { orderId: "7" } });
  await events.send({ name: "order.paid", data: { orderId: "7", amount: 7 } });
  expect(await runs.wait(id, { timeout: 30 })).toMatchObject({ status: "completed" });
  await expect.poll(() => shop.told).toEqual(["Order 7 is paid."]);
});

test("A11: the invoice is made by a child run, which the order's run names", async () => {
  await using shop = await startShop();
  const { runs, events } = shop.server.holdpoint;
  const { id } = await runs.start({ workflow: "order", input: { orderId: "7" } });
  await events.send({ name: "order.paid", data: { orderId: "7", amount: 7 } });
  const { steps = [] } = await runs.wait(id, { timeout: 30 });
  const child = await runs.get(steps.find(({ name }) => name === "invoice")?.childRunId ?? "");
  expect(child).toMatchObject({ workflow: "invoicing", status: "completed", output: "Invoice for order 7: 7" });
});

test("A4: without a payment in time the wait gives null", async () => {
  const clock = createManualClock();
  await using shop = await startShop({ clock });
  const { runs } = shop.server.holdpoint;
  const { id } = await runs.start({ workflow: "order", input: { orderId: "7" } });
  await expect.poll(async () => (await runs.get(id)).status).toBe("waiting");
  await expect
    .poll(
      async () => {
        clock.advance(86_400_000);
        return (await runs.get(id)).output;
      },
      { timeout: 60_000 },
    )
    .toEqual({ status: "unpaid" });
});
