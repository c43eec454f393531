import "./examples/acme.css";
import { useApprovals } from "@holdpoint/react";
import { holdpointDecorator, holdpointLoader, people } from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import type { ComponentType, ReactElement } from "react";
import { expect } from "storybook/test";
import { besideMargins } from "./beside-margins.tsx";
import { SignOffs } from "./examples/house-words.tsx";
import { OrderApproval } from "./examples/order-approval.tsx";
import { RefundInbox } from "./examples/refund-renderer.tsx";
import { ShortCard } from "./examples/short-card.tsx";
import { ordinaryDay } from "./sample-inbox.ts";
import { inboxOf } from "./story-queries.ts";
import { wholePage } from "./whole-page.tsx";

/** The examples of the documentation, at work. */
const meta: Meta = {
  title: "Examples",
  loaders: [holdpointLoader],
  decorators: [holdpointDecorator],
  parameters: { holdpoint: { seeds: ordinaryDay, viewer: people.jo } },
};

export default meta;
type Story = StoryObj;

export const OneApproval: Story = {
  render: () => <ForRefund component={OrderApproval} />,
  decorators: [besideMargins],
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("button", { name: "Refund" })).toBeVisible();
  },
};

export const OwnLayout: Story = {
  render: () => <ForRefund component={ShortCard} />,
  decorators: [besideMargins],
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText(/Times out in 12 min/)).toBeVisible();
    await expect(canvas.queryByText("Written by the agent")).toBeNull();
    await userEvent.click(canvas.getByRole("button", { name: "Refund" }));
    await expect(await canvas.findByText(/Approved by Jo Brandt/)).toBeVisible();
  },
};

export const OwnRenderer: Story = {
  render: () => <RefundInbox />,
  decorators: [wholePage],
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    await expect(await canvas.findByText("€1,240.00", { selector: "strong" })).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: "Edit" }));
    const amount = canvas.getByRole("spinbutton", { name: "Amount in EUR" });
    await userEvent.clear(amount);
    await userEvent.type(amount, "900");
    await userEvent.click(canvas.getByRole("button", { name: "Refund with changes" }));
    await expect(await canvas.findByText("€900.00", { selector: "strong" })).toBeVisible();
  },
};

export const OwnWordsAndColours: Story = {
  render: () => <SignOffs />,
  decorators: [wholePage],
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByRole("heading", { name: "Sign-offs" })).toHaveClass("acme-heading");
    await expect(getComputedStyle(inboxOf(canvas)).getPropertyValue("--hp-radius")).toBe("4px");
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    const send = await canvas.findByRole("button", { name: "Refund" });
    await expect(getComputedStyle(send).backgroundColor).toBe("rgb(15, 107, 92)");
    await expect(canvas.getByRole("button", { name: "Send back" })).toBeVisible();
  },
};

function ForRefund({
  component: Component,
}: {
  component: ComponentType<{ approvalId: string }>;
}): ReactElement | null {
  const { items } = useApprovals({ status: ["pending"] });
  const approval = items.find(({ action }) => action?.name === "refund.create");
  return approval ? <Component approvalId={approval.id} /> : null;
}
