import { ApprovalInbox } from "@holdpoint/react";
import { fakeTransportOf, holdpointDecorator, holdpointLoader } from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor, within } from "storybook/test";
import { arabicEmail, arabicLook } from "./arabic.ts";
import { ordinaryDay } from "./sample-inbox.ts";
import { expectNoOverflow, onScreen } from "./screen.ts";
import { cardOf, inboxOf, rowOf } from "./story-queries.ts";
import { wholePage } from "./whole-page.tsx";

/** An inbox by keyboard, on a phone, from right to left and in forced colours. */
const meta = {
  title: "Inbox/Access",
  component: ApprovalInbox,
  loaders: [holdpointLoader],
  decorators: [wholePage, holdpointDecorator],
  parameters: { holdpoint: { seeds: ordinaryDay } },
} satisfies Meta<typeof ApprovalInbox>;

export default meta;
type Story = StoryObj<typeof meta>;

export const KeyboardOnly: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    await canvas.findAllByRole("option");
    await tabTo(() => document.activeElement === rowOf(canvas, "Send email"), userEvent);

    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    await expect(rowOf(canvas, "Which data centre")).toHaveFocus();
    await userEvent.keyboard("{End}");
    await expect(rowOf(canvas, "Deploy api")).toHaveFocus();
    await userEvent.keyboard("{Home}{ArrowDown}{Enter}");
    const detail = await canvas.findByRole("region", { name: /Refund order/ });
    await waitFor(() => expect(detail).toHaveFocus());

    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(rowOf(canvas, "Refund order")).toHaveFocus());

    await userEvent.keyboard("{Enter}");
    await canvas.findByRole("button", { name: "Reject" });
    await tabTo(() => document.activeElement === canvas.getByRole("textbox", { name: "Comment" }), userEvent);
    await userEvent.keyboard("Asked accounting first");
    await tabTo(() => document.activeElement === canvas.getByRole("button", { name: "Reject" }), userEvent);
    await userEvent.keyboard("{Enter}");
    const outcome = await canvas.findByText(/Rejected by Jo Brandt/);
    await waitFor(() => expect(outcome.closest("[data-outcome]")).toHaveFocus());
    await expect((await fakeTransportOf(context).find("Refund")).status).toBe("rejected");
  },
};

/** Presses Tab until `isThere`, as often as a page has things to stop at. */
async function tabTo(isThere: () => boolean, userEvent: { tab(): Promise<void> }): Promise<void> {
  for (let stops = 0; stops < 30 && !isThere(); stops++) await userEvent.tab();
  await expect(isThere()).toBe(true);
}

export const NewApprovalsByKeyboard: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    await canvas.findAllByRole("option");
    await fakeTransportOf(context).ask({ title: "Renew the domain acme.example" });
    (await canvas.findByRole("button", { name: "1 new approval" })).focus();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(rowOf(canvas, "Renew the domain")).toHaveFocus());
  },
};

export const LastPageByKeyboard: Story = {
  parameters: {
    holdpoint: { seeds: Array.from({ length: 130 }, (_, n) => ({ request: { title: `Step ${n + 1}` } })) },
  },
  play: async ({ canvas }) => {
    (await canvas.findByRole("button", { name: "Show more" })).focus();
    await waitFor(() => expect(canvas.queryByRole("button", { name: "Show more" })).toBeNull());
    await waitFor(() => expect(document.activeElement).toHaveAttribute("aria-posinset", "101"));
  },
};

export const Phone: Story = {
  ...phone(),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    await expect(await canvas.findByRole("button", { name: "Refund" })).toBeVisible();
    await expect(canvas.queryByRole("listbox")).toBeNull();
    await expectNoOverflow();
    await userEvent.click(canvas.getByRole("button", { name: "All approvals" }));
    await waitFor(() => expect(rowOf(canvas, "Refund order")).toHaveFocus());
    await expectNoOverflow();
  },
};

export const PhoneWithOpenItem: Story = {
  ...phone(),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("option", { name: /^Send email/ }));
    const send = await within(cardOf(canvas)).findByRole("button", { name: "Send email" });
    await expect(send.getBoundingClientRect().bottom).toBeLessThanOrEqual(window.innerHeight);
    await expectNoOverflow();
  },
};

export const RightToLeft: Story = {
  parameters: {
    look: arabicLook,
    holdpoint: { seeds: [{ request: arabicEmail, age: "3m" }, ...ordinaryDay.slice(1)] },
  },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("option", { name: /كاسا أولمو/ }));
    await expect(await canvas.findByRole("button", { name: "إرسال الرسالة" })).toBeVisible();
    const list = canvas.getByRole("listbox").getBoundingClientRect();
    await expect(list.left).toBeGreaterThan(cardOf(canvas).getBoundingClientRect().left);
    await expectNoOverflow();
  },
};

/** In a browser of one's own, ask it to emulate forced colours. */
export const ForcedColours: Story = {
  tags: ["forced-colors"],
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    await expect(await canvas.findByRole("button", { name: "Refund" })).toBeVisible();
    await expect(inboxOf(canvas)).toHaveAttribute("data-connection", "live");
  },
};

function phone() {
  const screen = onScreen(375, 812);
  return { ...screen, parameters: { ...screen.parameters, holdpoint: { seeds: ordinaryDay } } };
}
