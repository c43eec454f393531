import type { Locator, Page } from "@playwright/test";

/** The inbox's row of an approval. */
export function row(page: Page, title: string | RegExp): Locator {
  return page.getByRole("listbox", { name: "Approvals" }).getByRole("option", { name: title });
}

/** The inbox's opened approval. */
export function detail(page: Page): Locator {
  return page.getByRole("article");
}

/** Opens an approval in the inbox, bringing in what has just arrived first. */
export async function openApproval(page: Page, title: string | RegExp): Promise<Locator> {
  await page.getByRole("link", { name: "Inbox" }).click();
  const newItems = page.getByRole("button", { name: /new approval/ });
  await newItems.or(row(page, title)).first().waitFor();
  if (!(await row(page, title).isVisible())) await newItems.click();
  await row(page, title).click();
  return detail(page);
}
