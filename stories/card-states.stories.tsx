import { ApprovalCard, type GivenCardProps } from "@holdpoint/react";
import {
  approvalFixture,
  deleteCustomer,
  escalatingRefund,
  failoverQuestion,
  outreachEmail,
  people,
  refund,
} from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import type { ReactElement } from "react";
import { expect, waitFor, within } from "storybook/test";
import { arabicLook } from "./arabic.ts";
import { besideMargins } from "./beside-margins.tsx";
import { expectNoOverflow, onScreen } from "./screen.ts";
import { cardOf } from "./story-queries.ts";

/** One story for each `data-state` that a card can be in with the approval it is given. */
const meta: Meta<GivenCardProps> = {
  title: "Card/States",
  component: ApprovalCard,
  decorators: [besideMargins],
  args: { viewer: people.jo },
};

export default meta;
type Story = StoryObj<GivenCardProps>;

const kimApproved = { by: people.kim, type: "approve", ago: "2m" } as const;

export const Pending: Story = {
  args: { approval: approvalFixture(outreachEmail, { age: "3m", decisions: [kimApproved] }) },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "pending");
    await expect(canvas.getByRole("heading", { name: "Send email to Ana Ruiz, Casa Olmo" })).toBeVisible();
    await expect(canvas.getByText("Your new terrace menu, and Friday evenings")).toBeVisible();
    await expect(canvas.getByText("Written by the agent")).toBeVisible();
    await expect(canvas.getByText(/approved by Kim Ito/)).toBeVisible();
    const actions = canvas.getAllByRole("button").filter((button) => button.matches("footer *"));
    await expect(actions.map((button) => button.textContent)).toEqual(["Reject", "Edit", "Send email"]);
  },
};

export const AskedByAPerson: Story = {
  args: {
    approval: approvalFixture({ ...refund, requestedBy: { id: "mia", name: "Mia Stone", kind: "user" } }),
    viewer: people.mia,
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Written by Mia Stone")).toBeVisible();
    await expect(canvas.queryByText("Written by the agent")).toBeNull();
  },
};

export const Answering: Story = {
  args: { approval: approvalFixture(failoverQuestion, { age: "18m" }) },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "answering");
    await expect(await canvas.findByRole("radio", { name: "Madrid" })).not.toBeChecked();
    await expect(canvas.getByRole("button", { name: "Send answer" })).toBeVisible();
    const question = canvas.getByText(/Frankfurt has been degraded/);
    const answer = canvas.getByRole("region", { name: "Your answer" });
    await expect(question.compareDocumentPosition(answer)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  },
};

export const Editing: Story = {
  args: Pending.args,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Edit" }));
    const subject = await canvas.findByRole("textbox", { name: /Subject/ });
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "editing");
    await userEvent.clear(subject);
    await userEvent.type(subject, "Your terrace");
    const changes = canvas.getByRole("region", { name: "What you changed" });
    await expect(within(changes).getByText("menu, and Friday evenings")).toBeVisible();
    await expect(canvas.getByRole("button", { name: "Send email with changes" })).toBeVisible();
  },
};

export const Submitting: Story = {
  args: { ...Pending.args, onRespond: () => new Promise<void>(() => {}) },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Send email" }));
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "submitting");
    const busy = canvas.getByRole("button", { name: "Submitting" });
    await expect(busy).toHaveAttribute("aria-busy", "true");
    await expect(busy).toHaveFocus();
    await expect(canvas.getByRole("button", { name: "Reject" })).toHaveAttribute("aria-disabled", "true");
  },
};

export const Waiting: Story = {
  args: {
    approval: approvalFixture(deleteCustomer, { age: "41m", decisions: [{ by: people.jo, type: "approve" }] }),
  },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "waiting");
    await expect(canvas.getByText(/Your approval is in: 1 of 2/)).toBeVisible();
    await expect(canvas.queryByRole("button", { name: "Delete customer" })).toBeNull();
    await expect(canvas.getByRole("button", { name: "Reject" })).toBeVisible();
    await expect(canvas.getByPlaceholderText("Add a comment, or the reason for rejecting")).toBeVisible();
  },
};

export const Blocked: Story = {
  args: { ...Pending.args, viewer: people.avi },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "blocked");
    await expect(canvas.getByText("You can read this, but others were asked to decide.")).toBeVisible();
    await expect(canvas.queryByRole("button", { name: "Send email" })).toBeNull();
  },
};

export const Approved: Story = {
  args: { approval: approvalFixture(refund, { decisions: [{ by: people.jo, type: "approve", comment: "Checked." }] }) },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "approved");
    await expect(canvas.getByText(/Approved by Jo Brandt/)).toBeVisible();
    await expect(canvas.queryByRole("button", { name: "Refund" })).toBeNull();
    await expect(canvas.getByRole("region", { name: "What was approved" })).toBeVisible();
  },
};

export const ApprovedWithChanges: Story = {
  args: {
    approval: approvalFixture(refund, {
      decisions: [
        { by: people.mia, type: "edit", args: { order: "48213", amount: 900, currency: "EUR", notifyCustomer: true } },
      ],
    }),
  },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "approved");
    await expect(canvas.getByText(/Approved with changes by Mia Stone/)).toBeVisible();
  },
};

export const Rejected: Story = {
  args: {
    approval: approvalFixture(refund, {
      decisions: [{ by: people.mia, type: "reject", comment: "The carrier found the parcel this morning." }],
    }),
  },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "rejected");
    await expect(canvas.getByText(/Rejected by Mia Stone/)).toBeVisible();
    await expect(canvas.getByText("The carrier found the parcel this morning.")).toBeVisible();
    await expect(canvas.getByRole("region", { name: "What was asked for" })).toBeVisible();
  },
};

export const Answered: Story = {
  args: {
    approval: approvalFixture(failoverQuestion, {
      age: "18m",
      decisions: [{ by: people.mia, type: "answer", answer: { dataCentre: "Amsterdam", pageOnCall: true } }],
    }),
  },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "answered");
    await expect(canvas.getByText(/Answered by Mia Stone/)).toBeVisible();
    await expect(canvas.getByText("Amsterdam")).toBeVisible();
  },
};

export const TimedOut: Story = {
  args: { approval: approvalFixture(refund, { age: "20m" }) },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "timed_out");
    await expect(canvas.getByText(/Nobody decided in time, so it counts as rejected/)).toBeVisible();
  },
};

export const Escalating: Story = {
  args: { approval: approvalFixture(escalatingRefund, { age: "30m" }), viewer: people.mia },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Escalates in 3 hr")).toBeVisible();
    await expect(canvas.getByText("Asked: group support")).toBeVisible();
  },
};

export const Escalated: Story = {
  args: { approval: approvalFixture(escalatingRefund, { age: "6h" }), viewer: people.mia },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "pending");
    await expect(canvas.getByText("Escalated 2 hr. ago")).toBeVisible();
    await expect(canvas.getByText("Asked: group support and group legal")).toBeVisible();
  },
};

export const DarkEscalated: Story = { ...Escalated, globals: { theme: "dark" } };

export const RightToLeftEscalated: Story = {
  ...Escalated,
  ...onScreen(360, 740),
  parameters: { ...onScreen(360, 740).parameters, look: arabicLook },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(/تم التصعيد/)).toBeVisible();
    await expectNoOverflow();
  },
};

const below = (Story: () => ReactElement) => (
  <div style={{ paddingBlockStart: 460 }}>
    <Story />
  </div>
);

/** The footer sticks to the lower edge only where that leaves enough of the card to read. */
export const LowOnAPhone: Story = {
  args: Pending.args,
  ...onScreen(360, 740),
  decorators: [below],
  play: async ({ canvas }) => {
    const title = canvas.getByRole("heading", { level: 2 });
    const footer = canvas.getByRole("button", { name: "Send email" }).closest("footer") as HTMLElement;
    const room = () => footer.getBoundingClientRect().top - title.getBoundingClientRect().top;
    await expect(room()).toBeGreaterThan(200);
    window.scrollTo(0, 300);
    await waitFor(() => expect(footer.getBoundingClientRect().bottom).toBeCloseTo(window.innerHeight, 0));
    await expect(room()).toBeGreaterThan(200);
  },
};

/** As under a zoom of 400 %. */
export const OnAShortScreen: Story = {
  args: Pending.args,
  ...onScreen(320, 256),
  play: async ({ canvas }) => {
    const subject = canvas.getByText("Your new terrace menu, and Friday evenings");
    subject.scrollIntoView({ block: "start" });
    const footer = canvas.getByRole("button", { name: "Send email" }).closest("footer") as HTMLElement;
    await expect(footer.getBoundingClientRect().top).toBeGreaterThan(window.innerHeight);
    await expectNoOverflow();
  },
};

export const Cancelled: Story = {
  args: { approval: approvalFixture(deleteCustomer, { age: "41m", cancelled: true }) },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "cancelled");
    await expect(canvas.getByText("The run was cancelled.")).toBeVisible();
  },
};
