import { type Workflow, workflow } from "@holdpoint/core";

/** What the shop says when money has come in. */
interface Payment {
  orderId: string;
  amount: number;
}

/** Makes an invoice; started by other workflows. */
const invoicing: Workflow<Payment, string> = workflow("invoicing", { version: 1 }, (run, payment: Payment) =>
  run.step("number", () => `Invoice for order ${payment.orderId}: ${payment.amount}`),
);

/** Waits for an order's payment, tells sales without waiting for them, and has another run make the invoice. */
const order = workflow("order", { version: 1 }, async (run, { orderId }: { orderId: string }) => {
  const paid = await run.waitForEvent<Payment>("payment", {
    event: "order.paid",
    match: "data.orderId",
    timeout: "3d",
  });
  if (!paid) return { status: "unpaid" };
  await run.notify("tell sales", { message: `Order ${orderId} is paid.`, channels: ["sales"] });
  const invoice = await run.invoke("invoice", invoicing, { input: paid.data });
  return { status: "invoiced", invoice };
});

/** What a server is given to run orders. */
export const orderWorkflows: Workflow[] = [order, invoicing];
