import type { Page } from "@playwright/test";
import { expect, test } from "./acme-test.ts";
import { openApproval, row } from "./inbox.ts";

const names = ["Ana Ruiz", "Bo Lind", "Cy Moss"];
const input = (name: string) => ({
  name,
  company: "Casa Olmo",
  email: "hello@casaolmo.example",
  note: `Dear ${name}.`,
});

test("B7: three paused runs survive SIGKILL, the inbox comes back by itself, and each mail goes out once", async ({
  acme,
}) => {
  const mia = await acme.open("Mia Stone");
  const asMia = acme.client("mia");
  const runs = await Promise.all(
    names.map((name) => asMia.runs.start({ workflow: "outreach", input: input(name), key: name })),
  );
  await expect.poll(async () => (await asMia.counts()).pending).toBe(3);
  await expect(mia.getByRole("link", { name: /^Inbox 3/ })).toBeVisible();

  await acme.server.kill();
  await expect(mia.getByText("Reconnecting", { exact: true })).toBeVisible();
  await acme.server.restart();
  await asMia.runs.start({ workflow: "outreach", input: input("Di Late") });
  await expect(mia.getByText("Live", { exact: true })).toBeVisible();
  await expect(mia.getByRole("link", { name: /^Inbox 4/ })).toBeVisible();

  for (const name of names) await approve(mia, `Send email to ${name}, Casa Olmo`);
  for (const run of runs) {
    await expect.poll(async () => (await asMia.runs.get(run.id)).status).toBe("completed");
    const { steps = [], output } = await asMia.runs.get(run.id);
    expect(steps.map((step) => [step.name, step.attempts])).toEqual([
      ["research", 1],
      ["draft", 1],
      ["approve draft", expect.any(Number)],
      ["send email", 1],
    ]);
    expect(output).toMatchObject({ status: "sent" });
  }
  await mia.getByRole("link", { name: "Sent mail" }).click();
  await expect(mia.getByRole("article")).toHaveCount(3);
  for (const name of names) await expect(mia.getByRole("article").filter({ hasText: `Dear ${name}.` })).toHaveCount(1);
});

async function approve(page: Page, title: string): Promise<void> {
  const approval = await openApproval(page, title);
  await approval.getByRole("button", { name: "Send email" }).click();
  await expect(approval).toContainText("Approved by Mia Stone");
  await expect(row(page, title)).toHaveCount(1);
}
