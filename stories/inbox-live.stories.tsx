import { HoldpointError } from "@holdpoint/core";
import { ApprovalInbox } from "@holdpoint/react";
import {
  deployment,
  fakeTransportOf,
  holdpointDecorator,
  holdpointLoader,
  people,
  refund,
} from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor, within } from "storybook/test";
import { ordinaryDay } from "./sample-inbox.ts";
import { cardOf, rowOf } from "./story-queries.ts";
import { wholePage } from "./whole-page.tsx";

/** What happens in an inbox while somebody looks at it. */
const meta = {
  title: "Inbox/Live",
  component: ApprovalInbox,
  loaders: [holdpointLoader],
  decorators: [wholePage, holdpointDecorator],
  parameters: { holdpoint: { seeds: ordinaryDay } },
} satisfies Meta<typeof ApprovalInbox>;

export default meta;
type Story = StoryObj<typeof meta>;

export const NewItemsWait: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    const titles = () => canvas.getAllByRole("option").map((row) => row.textContent);
    await canvas.findAllByRole("option");
    const before = titles();
    await transport.ask({ ...deployment, title: "Deploy web 2026.11.5 to production" });
    await transport.ask({ ...refund, title: "Refund order 48214 for €18.00" });
    const pill = await canvas.findByRole("button", { name: "2 new approvals" });
    await expect(titles()).toEqual(before);
    await userEvent.click(pill);
    await expect(await canvas.findAllByRole("option")).toHaveLength(9);
    await expect(canvas.getAllByRole("option")[0]).toHaveTextContent("Refund order 48214");
    await expect(canvas.queryByRole("button", { name: /new approval/ })).toBeNull();
  },
};

export const SomeoneElseClaims: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    await canvas.findByRole("button", { name: "Claim" });
    const { id } = await transport.find("Refund order");
    const next = () => rowOf(canvas, "Which data centre").getBoundingClientRect().top;
    const before = next();
    await transport.approvals.as(people.mia).claim(id);
    const row = within(rowOf(canvas, "Refund order"));
    await expect(await row.findByText(/^Mia Stone is on it, until 2:\d\d PM$/)).toBeVisible();
    await expect(next()).toBe(before);
    await expect(await within(cardOf(canvas)).findByText(/^Mia Stone is on it/)).toBeVisible();
    await expect(canvas.queryByRole("button", { name: "Claim" })).toBeNull();
    await transport.approvals.as(people.mia).release(id);
    await expect(await canvas.findByRole("button", { name: "Claim" })).toBeVisible();
    await expect(row.queryByText(/is on it/)).toBeNull();
  },
};

export const SomeoneElseDecides: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    await canvas.findByRole("button", { name: "Refund" });
    const { id } = await transport.find("Refund order");
    await transport.decideAs(people.mia, id, { type: "reject", comment: "The parcel was found" });
    await expect(await canvas.findByText(/Rejected by Mia Stone/)).toBeVisible();
    await expect(canvas.getByText("The parcel was found")).toBeVisible();
    await expect(canvas.queryByRole("button", { name: "Refund" })).toBeNull();
    await expect(within(rowOf(canvas, "Refund order")).getByText("Rejected")).toBeVisible();
    await expect(within(cardOf(canvas)).getByRole("alert")).toHaveTextContent(/has ended: Rejected/);
  },
};

export const SomeoneWasFaster: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    const release = transport.hold();
    await userEvent.click(await canvas.findByRole("button", { name: "Refund" }));
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "submitting");
    const { id } = await transport.find("Refund order");
    await transport.decideAs(people.mia, id, { type: "approve" });
    release();
    await expect(await canvas.findByText(/Someone was faster/)).toBeVisible();
    await expect(canvas.getByText(/Approved by Mia Stone/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "conflict");
  },
};

export const TimedOutWhileOpen: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    await canvas.findByRole("button", { name: "Refund" });
    await transport.timeOut((await transport.find("Refund order")).id);
    await expect(await canvas.findByText(/Nobody decided in time, so it counts as rejected/)).toBeVisible();
    await expect(within(rowOf(canvas, "Refund order")).getByText("Timed out")).toBeVisible();
  },
};

export const AnswerAQuestion: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("option", { name: /^Which data centre/ }));
    await userEvent.click(await canvas.findByRole("radio", { name: "Madrid" }));
    await userEvent.click(canvas.getByRole("checkbox", { name: "Page the engineer on call" }));
    await userEvent.click(canvas.getByRole("button", { name: "Send answer" }));
    await expect(await canvas.findByText(/Answered by Jo Brandt/)).toBeVisible();
    await expect(within(cardOf(canvas)).getByText("Madrid")).toBeVisible();
    await expect(canvas.getByText("6 waiting for you")).toBeInTheDocument();
  },
};

export const EditRefusedThenApproved: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("option", { name: /^Refund order/ }));
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    const amount = await canvas.findByRole("spinbutton", { name: /Amount/ });
    await userEvent.clear(amount);
    await userEvent.type(amount, "620");
    const refusal = [{ pointer: "/amount", message: "is more than was paid for the order" }];
    transport.failNext(new HoldpointError("invalid_args", "The arguments don't fit.", refusal), "respond");
    await userEvent.click(canvas.getByRole("button", { name: "Refund with changes" }));
    await expect(await canvas.findByText(/is more than was paid for the order/)).toBeVisible();
    await expect(amount).toHaveAttribute("aria-invalid", "true");
    await userEvent.clear(amount);
    await userEvent.type(amount, "310");
    await userEvent.click(canvas.getByRole("button", { name: "Refund with changes" }));
    await expect(await canvas.findByText(/Approved with changes by Jo Brandt/)).toBeVisible();
    const { outcome } = await transport.find("Refund order");
    await expect(outcome?.args).toMatchObject({ amount: 310 });
  },
};

export const FilterAndSearch: Story = {
  play: async ({ canvas, userEvent }) => {
    await canvas.findAllByRole("option");
    await userEvent.click(canvas.getByRole("button", { name: "High risk" }));
    await waitFor(() => expect(canvas.getAllByRole("option")).toHaveLength(4));
    await userEvent.type(canvas.getByRole("searchbox"), "warehouse");
    await waitFor(() => expect(canvas.getAllByRole("option")).toHaveLength(1));
    await expect(rowOf(canvas, "Run SQL on warehouse")).toBeVisible();
    await userEvent.clear(canvas.getByRole("searchbox"));
    await userEvent.type(canvas.getByRole("searchbox"), "nothing like it");
    await expect(await canvas.findByText("No approvals match.")).toBeVisible();
  },
};
