import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { ana, startOutreach } from "./start-page.ts";

test("the mail that goes out is the one the reviewer edited", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);
  const leo = await acme.open("Leo Tran");
  const approval = await openApproval(leo, "Send email to Ana Ruiz, Casa Olmo");
  await approval.getByRole("button", { name: "Edit" }).click();
  await approval.getByLabel("Subject").fill("Friday evenings at Casa Olmo");
  await approval.getByLabel("Body").fill("Hi Ana,\n\nedited by Leo.\n\nMia");
  await approval.getByRole("button", { name: "Send email with changes" }).click();
  await expect(approval).toContainText("Approved with changes by Leo Tran");

  await mia.getByRole("link", { name: "Sent mail" }).click();
  const mail = mia.getByRole("article", { name: "Friday evenings at Casa Olmo" });
  await expect(mail).toContainText("edited by Leo.");
  await expect(mail).not.toContainText("Congratulations on the new terrace.");
  await expect(mia.getByRole("article")).toHaveCount(1);
});

test("arguments that the schema refuses are marked at their field, the draft is kept and nothing is sent", async ({
  acme,
}) => {
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);
  const approval = await openApproval(mia, "Send email to Ana Ruiz, Casa Olmo");
  await approval.getByRole("button", { name: "Edit" }).click();
  await approval.getByLabel("Body").fill("A body worth keeping.");
  await approval.getByLabel("To", { exact: true }).fill("nobody");
  await approval.getByRole("button", { name: "Send email with changes" }).click();
  await expect(approval.getByLabel("To", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(approval.getByLabel("Body")).toHaveValue("A body worth keeping.");
  expect((await acme.client("mia").approvals.list({ status: ["pending"] })).items).toHaveLength(1);
});
