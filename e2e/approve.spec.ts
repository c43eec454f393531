import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { ana, startOutreach } from "./start-page.ts";

test("an outreach run pauses, is approved in the inbox, goes on and sends the mail", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);
  await expect(mia.getByText("Waiting", { exact: true }).first()).toBeVisible();

  const approval = await openApproval(mia, "Send email to Ana Ruiz, Casa Olmo");
  await expect(approval).toContainText("Congratulations on the new terrace.");
  await approval.getByRole("button", { name: "Send email" }).click();
  await expect(approval).toContainText("Approved by Mia Stone");

  await mia.getByRole("link", { name: "Sent mail" }).click();
  const mail = mia.getByRole("article", { name: "An idea for Casa Olmo" });
  await expect(mail).toContainText("Ana Ruiz <ana@casaolmo.example>");
  await expect(mail).toContainText("Mia Stone <mia@acme.example>");
  await expect(mail).toContainText("Congratulations on the new terrace.");

  await mia.getByRole("link", { name: "Runs" }).click();
  await mia.getByRole("link", { name: "Outreach" }).click();
  await expect(mia.getByRole("region", { name: "Result" })).toContainText("Statussent");
});

test("the card on the run's page decides too, and says how it ended", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);
  const card = mia.getByRole("article", { name: "Send email to Ana Ruiz, Casa Olmo" });
  await card.getByRole("button", { name: "Send email" }).click();
  await expect(card).toContainText("Approved by Mia Stone");
  await expect(mia.getByRole("region", { name: "Result" })).toContainText("Statussent");
});
