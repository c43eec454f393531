import { expect, test } from "./acme-test.ts";
import { ana, startDeletion, startOutreach } from "./start-page.ts";

test("what is wrong with an input is said at its field, and nothing starts", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, { ...ana, company: " ", email: "ana at casaolmo" });
  await expect(mia.getByLabel("Email")).toHaveAccessibleDescription(/This is not a mail address\./);
  await expect(mia.getByLabel("Company")).toHaveAccessibleDescription(/Say which company they work for\./);
  await expect(mia.getByLabel("Name")).not.toHaveAttribute("aria-invalid");
  await expect(mia.getByLabel("Company")).toBeFocused();
  expect((await acme.client("mia").runs.list()).items).toEqual([]);

  await mia.getByLabel("Email").fill(ana.email);
  await mia.getByLabel("Company").fill(ana.company);
  await mia.getByRole("button", { name: "Start outreach" }).click();
  await expect(mia.getByRole("list", { name: "Steps" })).toBeVisible();
});

test("a deletion without a reason is refused at the field", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startDeletion(mia, "");
  await expect(mia.getByLabel("Reason")).toHaveAccessibleDescription(/so that the reviewer can decide/);
  expect((await acme.client("mia").runs.list()).items).toEqual([]);
});
