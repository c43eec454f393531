import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { ana, startOutreach } from "./start-page.ts";

const title = "Send email to Ana Ruiz, Casa Olmo";

test("A11: a second window sees the approval come and be decided without a reload", async ({ acme }) => {
  const leo = await acme.open("Leo Tran");
  await expect(leo.getByText("Live", { exact: true })).toBeVisible();
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);

  const seenByLeo = await openApproval(leo, title);
  await expect(seenByLeo.getByRole("button", { name: "Send email" })).toBeVisible();
  const seenByMia = await openApproval(mia, title);
  await seenByMia.getByRole("button", { name: "Send email" }).click();

  await expect(seenByLeo).toContainText("Approved by Mia Stone");
  await expect(seenByLeo.getByRole("button", { name: "Send email" })).toHaveCount(0);
});

test("the loser of a race sees who decided", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);
  const seenByMia = await openApproval(mia, title);
  const leo = await acme.open("Leo Tran");
  const seenByLeo = await openApproval(leo, title);

  // Leo's response is held back on its way until Mia's has been counted.
  const mayArrive = Promise.withResolvers<void>();
  await leo.route("**/respond", async (route) => {
    await mayArrive.promise;
    await route.continue();
  });
  await seenByLeo.getByRole("textbox", { name: "Comment" }).fill("Too early.");
  await seenByLeo.getByRole("button", { name: "Reject" }).click();
  await seenByMia.getByRole("button", { name: "Send email" }).click();
  await expect(seenByMia).toContainText("Approved by Mia Stone");
  mayArrive.resolve();

  await expect(seenByLeo).toContainText("Someone was faster: your response was not counted.");
  await expect(seenByLeo).toContainText("Approved by Mia Stone");
});
