import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { ana, startDeletion, startOutreach } from "./start-page.ts";

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.html) }))).toEqual([]);
  }
}

test("axe finds nothing on the sign-in", async ({ acme }) => {
  const page = await acme.openSignIn();
  await expect(page.getByRole("button", { name: "Mia Stone" })).toBeVisible();
  await expectAccessible(page);
});

test("axe finds nothing on the empty inbox and the empty lists", async ({ acme }) => {
  const page = await acme.open("Mia Stone");
  await expect(page.getByText("Nothing needs your attention")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Runs" }).click();
  await expect(page.getByText("No runs yet.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Sent mail" }).click();
  await expect(page.getByText("Nothing was sent yet.")).toBeVisible();
  await expectAccessible(page);
});

test("axe finds nothing on a waiting run, its approval in the inbox and the approval's editor", async ({ acme }) => {
  const page = await acme.open("Mia Stone");
  await startOutreach(page, ana);
  await expect(page.getByRole("button", { name: "Send email" })).toBeVisible();
  await expectAccessible(page);
  const approval = await openApproval(page, "Send email to Ana Ruiz, Casa Olmo");
  await expectAccessible(page);
  await approval.getByRole("button", { name: "Edit" }).click();
  await approval.getByLabel("Subject").fill("Another subject");
  await expectAccessible(page);
});

test("axe finds nothing on a decided approval, the list of runs, a finished run and the mail", async ({ acme }) => {
  const page = await acme.open("Mia Stone");
  await startOutreach(page, ana);
  const approval = await openApproval(page, "Send email to Ana Ruiz, Casa Olmo");
  await approval.getByRole("button", { name: "Send email" }).click();
  await expect(approval).toContainText("Approved by Mia Stone");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Runs" }).click();
  await expect(page.getByRole("link", { name: "Outreach" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Outreach" }).click();
  await expect(page.getByRole("region", { name: "Result" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Sent mail" }).click();
  await expect(page.getByRole("article", { name: "An idea for Casa Olmo" })).toBeVisible();
  await expectAccessible(page);
});

test("axe finds nothing on the start forms and their errors", async ({ acme }) => {
  const page = await acme.open("Mia Stone");
  await startOutreach(page, { name: "", company: "", email: "" });
  await expect(page.getByText("This is not a mail address.")).toBeVisible();
  await expectAccessible(page);
  await startDeletion(page, "");
  await expect(page.getByText("Say why, so that the reviewer can decide.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Support ticket" }).click();
  await expect(page.getByLabel("Ticket", { exact: true }).getByRole("option")).toHaveCount(3);
  await expectAccessible(page);
});
