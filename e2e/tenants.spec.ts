import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { ana, startOutreach } from "./start-page.ts";

test("people of another company see nothing of a run, its approval and its mail", async ({ acme }) => {
  const gus = await acme.open("Gus Lind");
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);
  const approval = await openApproval(mia, "Send email to Ana Ruiz, Casa Olmo");
  await approval.getByRole("button", { name: "Send email" }).click();
  await expect(approval).toContainText("Approved by Mia Stone");
  const [decided] = (await acme.client("mia").approvals.list({ status: ["approved"] })).items;
  const [run] = (await acme.client("mia").runs.list()).items;

  // What Gus starts himself arrives, so his window is live; nothing else does.
  await startOutreach(gus, { ...ana, company: "Initech" });
  await openApproval(gus, "Send email to Ana Ruiz, Initech");
  await expect(gus.getByText("Casa Olmo")).toHaveCount(0);
  const asGus = acme.client("gus");
  await expect(asGus.approvals.get(decided?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
  await expect(asGus.runs.get(run?.id ?? "")).rejects.toMatchObject({ code: "not_found" });

  await gus.getByRole("link", { name: "Runs" }).click();
  await expect(gus.getByRole("row")).toHaveCount(2);
  await gus.getByRole("link", { name: "Sent mail" }).click();
  await expect(gus.getByText("Nothing was sent yet.")).toBeVisible();
});
