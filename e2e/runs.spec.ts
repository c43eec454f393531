import { expect, test } from "./acme-test.ts";
import { ana, startOutreach } from "./start-page.ts";

test("a run is cancelled from its page, and its approval leaves the inbox of others", async ({ acme }) => {
  const [mia, leo] = [await acme.open("Mia Stone"), await acme.open("Leo Tran")];
  await startOutreach(mia, ana);
  const pending = leo.getByRole("link", { name: "Inbox" }).getByText("1");
  await expect(pending).toBeVisible();
  await mia.getByRole("button", { name: "Cancel run" }).click();
  await mia.getByRole("button", { name: "Cancel the run and withdraw what it asks" }).click();
  await expect(mia.getByText("Cancelled", { exact: true })).toBeVisible();
  await expect(pending).toHaveCount(0);

  await mia.getByRole("link", { name: "All runs" }).click();
  await mia.getByLabel("Show").selectOption("Completed");
  await expect(mia.getByText("No such runs.")).toBeVisible();
  await mia.getByLabel("Show").selectOption("Rejected, timed out or cancelled");
  await expect(mia.getByRole("row", { name: /Outreach.+Cancelled/ })).toBeVisible();
});

test("a failed run is retried from its page", async ({ acme }) => {
  const sam = acme.client("sam");
  const { id } = await sam.runs.start({ workflow: "support-ticket", input: { ticketId: "tck_0" } });
  const page = await acme.open("Sam Okafor");
  await page.getByRole("link", { name: "Runs" }).click();
  await page.getByRole("link", { name: "Support ticket" }).click();
  await expect(page.getByText("Failed", { exact: true })).toBeVisible();
  const failedAt = (await sam.runs.get(id)).finishedAt;
  await page.getByRole("button", { name: "Retry run" }).click();
  await expect.poll(async () => (await sam.runs.get(id)).finishedAt).not.toBe(failedAt);
  await expect(page.getByText("Failed", { exact: true })).toBeVisible();
});

test("an assistant whose mail is rejected hears why and goes on without sending it", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await mia.getByRole("link", { name: "Start a run" }).click();
  await mia.getByRole("link", { name: "Assistant" }).click();
  await mia.getByLabel("Task").fill("Tell Casa Olmo that we are closed on Friday.");
  await mia.getByRole("button", { name: "Let the assistant work" }).click();
  const card = mia.getByRole("article", { name: "Send the assistant's email?" });
  await card.getByRole("textbox", { name: "Comment" }).fill("They know already");
  await card.getByRole("button", { name: "Reject" }).click();
  await expect(mia.getByRole("region", { name: "Result" })).toContainText("I did not write, and left a note instead.");
  await expect(mia.getByText("Rejected by Mia Stone: They know already")).toBeVisible();
  await mia.getByRole("link", { name: "Sent mail" }).click();
  await expect(mia.getByRole("article")).toHaveCount(0);
});

test("what an article's run asks keeps its bullets, though the product's own lists have none", async ({ acme }) => {
  const text = "Save energy:\n\n- Close the windows";
  await acme.client("kim").runs.start({ workflow: "editorial-then-legal", input: { title: "Winter", text } });
  const page = await acme.open("Kim Park");
  await page.getByRole("link", { name: "Runs" }).click();
  await page.getByRole("link", { name: "Article" }).click();
  await expect(page.getByText("What is asked")).toBeVisible();
  await expect(page.getByText("Close the windows", { exact: true })).toHaveCSS("list-style-type", "disc");
});

test("on a phone a run is cancelled, and the way back leads to the list as it was narrowed", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await mia.setViewportSize({ width: 360, height: 640 });
  await startOutreach(mia, ana);
  await mia.getByRole("button", { name: "Cancel run" }).click();
  await mia.getByRole("button", { name: "Cancel the run and withdraw what it asks" }).click();
  await expect(mia.getByText("Cancelled", { exact: true })).toBeFocused();

  await mia.getByRole("link", { name: "Runs", exact: true }).click();
  await mia.getByLabel("Show").selectOption("Rejected, timed out or cancelled");
  await expect(mia.getByRole("row", { name: /Outreach/ }).locator("time")).toBeInViewport({ ratio: 1 });
  await mia.getByRole("link", { name: "Outreach" }).click();
  await mia.goBack();
  await expect(mia.getByLabel("Show")).toHaveValue("Rejected, timed out or cancelled");
});

test("the list of runs shows more than its first fifty on request, and keeps them when runs move", async ({ acme }) => {
  const sam = acme.client("sam").runs;
  const input = { customerId: "cus_1041", amount: 120, reason: "Broken" };
  for (let n = 0; n < 51; n++) await sam.start({ workflow: "escalation", input: { ...input, reason: `Broken ${n}` } });
  const page = await acme.open("Sam Okafor");
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  await expect(page.getByRole("row")).toHaveCount(51);
  await page.getByRole("button", { name: "Show more" }).press("Enter");
  await expect(page.getByRole("row", { name: /Broken 0/ }).getByRole("link")).toBeFocused();
  await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
  await sam.start({ workflow: "escalation", input: { ...input, reason: "Broken again" } });
  await expect(page.getByRole("row", { name: /Broken again/ })).toBeVisible();
  await expect(page.getByRole("row")).toHaveCount(53);
});

test("a run's page says that the server is gone, and that it is back", async ({ acme }) => {
  const mia = await acme.open("Mia Stone");
  await startOutreach(mia, ana);
  await expect(mia.getByRole("article")).toBeVisible();
  const connection = mia.getByRole("banner").getByRole("status");
  await expect(connection).toBeEmpty();
  await acme.server.kill();
  await expect(connection).toHaveText("Reconnecting");
  await acme.server.restart();
  await expect(connection).toBeEmpty();
});

test("a run that completed without being approved says what it returned", async ({ acme }) => {
  const { id } = await acme.client("sam").runs.start({
    workflow: "escalation",
    input: { customerId: "cus_1041", amount: 120, reason: "Broken" },
  });
  const mia = acme.client("mia");
  await expect.poll(async () => (await mia.approvals.list({ status: ["pending"] })).items.length).toBe(1);
  const [asked] = (await mia.approvals.list({ status: ["pending"] })).items;
  await mia.approvals.respond(asked?.id ?? "", { approved: false, reason: "Not broken" });
  const page = await acme.open("Sam Okafor");
  await page.getByRole("link", { name: "Runs", exact: true }).click();
  await expect(page.getByRole("row", { name: /Refund with escalation.+Completed.*rejected/ })).toBeVisible();
  await page.goto(`${acme.server.url}/runs/${id}`);
  await expect(page.getByText("Returned “rejected”")).toBeVisible();
});
