import { expect, test } from "./acme-test.ts";
import { openApproval } from "./inbox.ts";
import { startTicket } from "./start-page.ts";

test("an engineer answers the agent's question and the customer gets the answer", async ({ acme }) => {
  const sam = await acme.open("Sam Okafor");
  await startTicket(sam, "T-1001");

  const bo = await acme.open("Bo Kern");
  const question = await openApproval(bo, /Export fails with error 500/);
  await expect(question).toContainText("Smaller exports work.");
  await question.getByLabel("Answer for the customer").fill("The export is fixed since ten o'clock.");
  await question.getByRole("radio", { name: "bug" }).check();
  await question.getByRole("button", { name: "Answer", exact: true }).click();
  await expect(question).toContainText("Answered by Bo Kern");

  await expect(sam.getByRole("region", { name: "Result" })).toContainText("Causebug");
  await sam.getByRole("link", { name: "Sent mail" }).click();
  const mail = sam.getByRole("article", { name: "Re: Export fails with error 500" });
  await expect(mail).toContainText("The export is fixed since ten o'clock.");
  await expect(mail).toContainText("office@nordwind.example");
});
