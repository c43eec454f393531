import { fileURLToPath } from "node:url";
import type { ApprovalRequest } from "@holdpoint/core";
import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { ana } from "./start-page.ts";

const agent = (name: string) => ({ id: name.toLowerCase().replace(" ", "-"), name, kind: "agent" as const });

/** What waits in the pictured inbox besides the opened mail, oldest first. */
const backlog: ApprovalRequest[] = [
  {
    title: "Deploy api 2026.11.4 to production",
    action: { name: "deploy", args: { service: "api", version: "2026.11.4" } },
    risk: "high",
    requestedBy: agent("Release run"),
  },
  {
    title: "Publish “Winter energy guide” to the blog",
    action: { name: "publish", args: { slug: "winter-energy-guide" } },
    risk: "low",
    requestedBy: agent("Content run"),
    timeout: "2d",
  },
  {
    kind: "question",
    title: "Which data centre should the failover use?",
    form: { type: "object", properties: { site: { type: "string", enum: ["Oslo", "Graz"] } } },
    risk: "low",
    requestedBy: agent("Ops agent"),
  },
  {
    title: "Delete customer “Nordwind GmbH” and 3,112 linked records",
    action: { name: "customer.delete", args: { customerId: "cus_1041" } },
    risk: "critical",
    reviewers: { quorum: 2 },
    requestedBy: agent("Cleanup run"),
  },
  {
    title: "Refund order 48213 for €1,240.00",
    action: { name: "refund.create", args: { order: 48213, amount: 1240, currency: "EUR" } },
    risk: "high",
    requestedBy: agent("Support agent"),
    timeout: "15m",
  },
];

const note =
  "I walked past last week and saw that the terrace is back: congratulations on the new menu. Two of the places we work " +
  "with around the square fill their Friday tables by opening bookings on Wednesday, and I think the same would suit you.";

const committed = fileURLToPath(new URL("screenshots/", import.meta.url));

test("pictures the inbox for the README, light and dark", async ({ acme }, testInfo) => {
  const sam = acme.client("sam");
  for (const request of backlog) await sam.approvals.request(request);
  await sam.runs.start({ workflow: "outreach", input: { ...ana, note } });
  await expect.poll(async () => (await acme.client("kim").counts()).pending).toBe(6);

  const page = await acme.open("Mia Stone");
  const approval = await openApproval(page, "Send email to Ana Ruiz, Casa Olmo");
  await expect(approval.getByRole("button", { name: "Send email" })).toBeVisible();
  await page.mouse.move(0, 0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const file = `inbox-${colorScheme}.png`;
    const path = process.env.UPDATE_SCREENSHOTS === "1" ? `${committed}${file}` : testInfo.outputPath(file);
    // Colours change within a moment, which a picture must not catch.
    await page.screenshot({ path, animations: "disabled" });
  }
});
