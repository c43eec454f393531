import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { startDeletion } from "./start-page.ts";

test("a deletion is rejected with a reason by somebody else, and the customer stays", async ({ acme }) => {
  const sam = await acme.open("Sam Okafor");
  await startDeletion(sam, "They asked us to forget them.");
  await expect(sam.getByText("Waiting", { exact: true }).first()).toBeVisible();

  const kim = await acme.open("Kim Park");
  const approval = await openApproval(kim, /^Delete customer/);
  await approval.getByRole("textbox", { name: "Comment" }).fill("Their contract runs until March.");
  await approval.getByRole("button", { name: "Keep customer" }).click();
  await expect(approval).toContainText("Rejected by Kim Park");

  const run = sam.getByRole("region", { name: "Delete customer" });
  await expect(run.getByText("Rejected", { exact: true }).first()).toBeVisible();
  await expect(run).toContainText("Rejected by Kim Park: Their contract runs until March.");

  await sam.getByRole("link", { name: "Start a run" }).click();
  await sam.getByRole("link", { name: "Delete a customer" }).click();
  await expect(sam.getByLabel("Customer").locator("option", { hasText: "Nordwind GmbH" })).toHaveCount(1);
});

test("who asked for a deletion can't approve it, and somebody else's yes deletes the customer", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startDeletion(mia, "They asked us to forget them.");
  const own = await openApproval(mia, /^Delete customer/);
  await expect(own).toContainText("someone else has to decide");
  await expect(own.getByRole("button", { name: "Delete customer" })).toHaveCount(0);

  const kim = await acme.open("Kim Park");
  const approval = await openApproval(kim, /^Delete customer/);
  await approval.getByRole("textbox", { name: "Comment" }).fill("Checked with legal.");
  await approval.getByRole("button", { name: "Delete customer" }).click();
  await expect(approval).toContainText("Approved by Kim Park");
  await expect(own).toContainText("Approved by Kim Park");

  await mia.getByRole("link", { name: "Start a run" }).click();
  await mia.getByRole("link", { name: "Delete a customer" }).click();
  const customers = mia.getByLabel("Customer").locator("option");
  await expect(customers).toHaveCount(2);
  await expect(customers.filter({ hasText: "Nordwind GmbH" })).toHaveCount(0);
});
