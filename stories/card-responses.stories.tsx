import { HoldpointError, type Viewer } from "@holdpoint/core";
import { ApprovalCard, useApprovals } from "@holdpoint/react";
import {
  deleteCustomer,
  failoverQuestion,
  fakeTransportOf,
  holdpointDecorator,
  holdpointLoader,
  hostileText,
  people,
  refund,
  type Seed,
} from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { type ReactElement, useState } from "react";
import { expect, fireEvent, waitFor, within } from "storybook/test";
import { besideMargins } from "./beside-margins.tsx";
import { OnlyApproval } from "./only-approval.tsx";
import { cardOf } from "./story-queries.ts";

/** How a card behaves between a click and the server's answer. */
const meta = {
  title: "Card/Responses",
  component: OnlyApproval,
  loaders: [holdpointLoader],
  decorators: [besideMargins, holdpointDecorator],
} satisfies Meta<typeof OnlyApproval>;

export default meta;
type Story = StoryObj<typeof meta>;
type PlayContext = Parameters<NonNullable<Story["play"]>>[0];

const open = (seed: Seed) => ({ holdpoint: { seeds: [seed] } });
const openRefund = open({ request: refund, age: "6m" });

export const Approve: Story = {
  parameters: openRefund,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button", { name: "Refund" }));
    const outcome = await canvas.findByText(/Approved by Jo Brandt/);
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "approved");
    await expect(outcome.closest("[data-outcome]")).toHaveFocus();
  },
};

export const RejectWithReason: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), "The parcel was found");
    await userEvent.click(canvas.getByRole("button", { name: "Reject" }));
    await expect(await canvas.findByText(/Rejected by Jo Brandt/)).toBeVisible();
    await expect(canvas.getByText("The parcel was found")).toBeVisible();
    const { outcome } = await fakeTransportOf(context).find("Refund");
    await expect(outcome).toMatchObject({ status: "rejected", reason: "The parcel was found" });
  },
};

export const EditAndApprove: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    const amount = await canvas.findByRole("spinbutton", { name: /Amount/ });
    await userEvent.clear(amount);
    await userEvent.type(amount, "900");
    await userEvent.click(canvas.getByRole("button", { name: "Refund with changes" }));
    await expect(await canvas.findByText(/Approved with changes by Jo Brandt/)).toBeVisible();
    const { outcome } = await fakeTransportOf(context).find("Refund");
    await expect(outcome?.args).toMatchObject({ order: "48213", amount: 900, notifyCustomer: true });
  },
};

const maintenance: Seed = {
  request: {
    title: "Move the maintenance window",
    action: {
      name: "maintenance.move",
      args: { startsAt: "2026-10-02T10:00:00Z" },
      schema: { type: "object", properties: { startsAt: { type: "string", format: "date-time" } } },
    },
    allow: ["approve", "edit", "reject"],
  },
};

export const EditATimeInAnotherZone: Story = {
  parameters: { ...open(maintenance), look: { timeZone: "Asia/Tokyo" } },
  play: async (context) => {
    const { canvas, userEvent } = context;
    await expect(await canvas.findByText("Oct 2, 2026, 7:00 PM")).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: "Edit" }));
    const startsAt = await canvas.findByLabelText(/Starts at/);
    await expect(startsAt).toHaveValue("2026-10-02T19:00");
    fireEvent.change(startsAt, { target: { value: "2026-10-02T21:30" } });
    await userEvent.click(canvas.getByRole("button", { name: "Approve with changes" }));
    await canvas.findByText(/Approved with changes by Jo Brandt/);
    const { outcome } = await fakeTransportOf(context).find("maintenance");
    await expect(outcome).toMatchObject({ args: { startsAt: "2026-10-02T12:30:00.000Z" } });
  },
};

export const EditRefusedByTheForm: Story = {
  parameters: openRefund,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    const amount = await canvas.findByRole("spinbutton", { name: /Amount/ });
    await userEvent.clear(amount);
    await userEvent.type(amount, "5000");
    await userEvent.click(canvas.getByRole("button", { name: "Refund with changes" }));
    await expect(amount).toHaveAttribute("aria-invalid", "true");
    await expect(amount).toHaveFocus();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "editing");
  },
};

export const EditRefusedByTheServer: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    const reason = await canvas.findByRole("textbox", { name: /Reason/ });
    await userEvent.clear(reason);
    await userEvent.type(reason, "Goodwill");
    const refusal = [{ pointer: "/reason", message: "is not one of the reasons that accounting takes" }];
    fakeTransportOf(context).failNext(
      new HoldpointError("invalid_args", "The arguments don't fit.", refusal),
      "respond",
    );
    await userEvent.click(canvas.getByRole("button", { name: "Refund with changes" }));
    await expect(await canvas.findByText(/not one of the reasons that accounting takes/)).toBeVisible();
    await expect(canvas.getByText("1 field needs your attention.")).toBeVisible();
    await expect(canvas.getByRole("textbox", { name: /Reason/ })).toHaveValue("Goodwill");
    await userEvent.click(canvas.getByRole("button", { name: "Refund with changes" }));
    await expect(await canvas.findByText(/Approved with changes by Jo Brandt/)).toBeVisible();
  },
};

export const Answer: Story = {
  parameters: open({ request: failoverQuestion, age: "18m" }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    await userEvent.click(await canvas.findByRole("radio", { name: "Amsterdam" }));
    await userEvent.type(canvas.getByRole("textbox", { name: /Note/ }), "Closest to the users");
    await userEvent.click(canvas.getByRole("button", { name: "Send answer" }));
    await expect(await canvas.findByText(/Answered by Jo Brandt/)).toBeVisible();
    const { outcome } = await fakeTransportOf(context).find("data centre");
    await expect(outcome?.answer).toEqual({ dataCentre: "Amsterdam", note: "Closest to the users", pageOnCall: false });
  },
};

export const AnswerMissing: Story = {
  parameters: open({ request: failoverQuestion, age: "18m" }),
  play: async ({ canvas, userEvent }) => {
    await canvas.findByRole("radio", { name: "Amsterdam" });
    await userEvent.click(canvas.getByRole("button", { name: "Send answer" }));
    await expect(await canvas.findByRole("radiogroup", { name: /Data centre/ })).toHaveAttribute(
      "aria-invalid",
      "true",
    );
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "answering");
  },
};

export const CriticalNeedsAComment: Story = {
  parameters: open({ request: deleteCustomer, age: "41m" }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button", { name: "Delete customer" }));
    await expect(await canvas.findByText(/Critical approvals need a comment/)).toBeVisible();
    const comment = canvas.getByRole("textbox", { name: "Comment" });
    await expect(comment).toHaveFocus();
    await userEvent.type(comment, "Retention period checked");
    await userEvent.click(canvas.getByRole("button", { name: "Delete customer" }));
    await expect(await canvas.findByText(/Your approval is in: 1 of 2/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "waiting");
  },
};

export const FoldedContentHasToBeSeen: Story = {
  parameters: open({ request: { ...hostileText, message: "Line\n".repeat(60) } }),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button", { name: "Approve" }));
    await expect(await canvas.findByText(/Part of the content is folded/)).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: /Show \d+ more lines/ }));
    await userEvent.click(canvas.getByRole("button", { name: "Approve" }));
    await expect(await canvas.findByText(/Approved by Jo Brandt/)).toBeVisible();
  },
};

export const NetworkErrorKeepsTheDraft: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), "Checked with the carrier");
    fakeTransportOf(context).failNext(new HoldpointError("unavailable", "No answer."), "respond");
    await userEvent.click(canvas.getByRole("button", { name: "Refund" }));
    await expect(await canvas.findByText(/could not be reached. Your draft is kept/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "error");
    await expect(canvas.getByRole("textbox", { name: "Comment" })).toHaveValue("Checked with the carrier");
    await userEvent.click(canvas.getByRole("button", { name: "Try again" }));
    await expect(await canvas.findByText(/Approved by Jo Brandt/)).toBeVisible();
  },
};

/** Holds the viewer's own approval back until somebody has rejected. */
async function rejectFirst(context: PlayContext, by: Viewer): Promise<void> {
  const { canvas, userEvent } = context;
  const transport = fakeTransportOf(context);
  const release = transport.hold();
  await userEvent.click(await canvas.findByRole("button", { name: "Refund" }));
  const { id } = await transport.find("Refund");
  await transport.decideAs(by, id, { type: "reject", comment: "Found again" });
  release();
}

export const SomeoneWasFaster: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas } = context;
    await rejectFirst(context, people.mia);
    await expect(await canvas.findByText(/Someone was faster/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "conflict");
    await expect(canvas.getByText(/Rejected by Mia Stone/)).toBeVisible();
  },
};

export const DecidedInAnotherWindow: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas } = context;
    await rejectFirst(context, people.jo);
    await expect(await canvas.findByText(/You had already decided this elsewhere/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "conflict");
    await expect(canvas.getByText(/Rejected by Jo Brandt/)).toBeVisible();
    await expect(canvas.queryByText(/Someone was faster/)).toBeNull();
  },
};

export const ChangedWhileOpen: Story = {
  parameters: open({ request: { ...refund, reviewers: { groups: ["support"], quorum: 2 } }, age: "6m" }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await canvas.findByRole("button", { name: "Refund" });
    const { id } = await transport.find("Refund");
    const args = { order: "48213", amount: 900, currency: "EUR", notifyCustomer: true };
    await transport.decideAs(people.mia, id, { type: "edit", args });
    await expect(await canvas.findByText(/changed since you opened it/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "changed");
    await expect(canvas.getByRole("button", { name: "Refund" })).toHaveAttribute("aria-disabled", "true");
    await userEvent.click(canvas.getByRole("button", { name: "I have seen the change" }));
    await userEvent.click(canvas.getByRole("button", { name: "Refund" }));
    await expect(await canvas.findByText(/Approved with changes by Mia Stone and Jo Brandt/)).toBeVisible();
    await expect(canvas.queryByText("Changes")).toBeNull();
  },
};

export const TimedOutWhileOpen: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas } = context;
    const transport = fakeTransportOf(context);
    await canvas.findByRole("button", { name: "Refund" });
    await transport.timeOut((await transport.find("Refund")).id);
    await expect(await canvas.findByText(/Nobody decided in time, so it counts as rejected/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "timed_out");
    await expect(canvas.getByRole("alert")).toHaveTextContent(/has ended: Timed out/);
  },
};

export const WithdrawnWhileCommenting: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), "Checked with the carrier");
    await transport.approvals.as(people.agent).cancel((await transport.find("Refund")).id);
    const outcome = (await canvas.findByText(/^Withdrawn/)).closest("[data-outcome]");
    await waitFor(() => expect(outcome).toHaveFocus());
    const unsent = within(canvas.getByRole("region", { name: "Not sent" }));
    await expect(unsent.getByText("Checked with the carrier")).toBeVisible();
    await userEvent.click(unsent.getByRole("button", { name: "Discard" }));
    await expect(canvas.queryByText("Checked with the carrier")).toBeNull();
    await expect(outcome).toHaveFocus();
  },
};

export const DecidedElsewhereWhileEditing: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    const amount = await canvas.findByRole("spinbutton", { name: /Amount/ });
    await userEvent.clear(amount);
    await userEvent.type(amount, "900");
    await transport.decideAs(people.mia, (await transport.find("Refund")).id, {
      type: "reject",
      comment: "Found again",
    });
    const outcome = (await canvas.findByText(/Rejected by Mia Stone/)).closest("[data-outcome]");
    await waitFor(() => expect(outcome).toHaveFocus());
    await expect(within(canvas.getByRole("region", { name: "Not sent" })).getByText("900")).toBeVisible();
  },
};

export const EndsWhileTheFocusIsElsewhere: Story = {
  parameters: openRefund,
  render: () => (
    <>
      <OnlyApproval />
      <button type="button">Something else</button>
    </>
  ),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("textbox", { name: "Comment" }));
    await userEvent.click(canvas.getByRole("button", { name: "Something else" }));
    await transport.timeOut((await transport.find("Refund")).id);
    await canvas.findByText(/Nobody decided in time/);
    await expect(canvas.getByRole("button", { name: "Something else" })).toHaveFocus();
    await expect(canvas.queryByRole("region", { name: "Not sent" })).toBeNull();
  },
};

export const AnsweredElsewhereWhileAnswering: Story = {
  parameters: open({ request: failoverQuestion, age: "18m" }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.type(await canvas.findByRole("textbox", { name: /Note/ }), "Ask Madrid first");
    const answer = { dataCentre: "Amsterdam" };
    await transport.decideAs(people.mia, (await transport.find("data centre")).id, { type: "answer", answer });
    const outcome = (await canvas.findByText(/Answered by Mia Stone/)).closest("[data-outcome]");
    await waitFor(() => expect(outcome).toHaveFocus());
    await expect(within(canvas.getByRole("region", { name: "Not sent" })).getByText("Ask Madrid first")).toBeVisible();
  },
};

export const AnsweredElsewhereWhileReading: Story = {
  parameters: open({ request: failoverQuestion, age: "18m" }),
  play: async (context) => {
    const { canvas } = context;
    const transport = fakeTransportOf(context);
    await canvas.findByRole("radio", { name: "Amsterdam" });
    const answer = { dataCentre: "Amsterdam" };
    await transport.decideAs(people.mia, (await transport.find("data centre")).id, { type: "answer", answer });
    await expect(await canvas.findByText(/Answered by Mia Stone/)).toBeVisible();
    await expect(canvas.queryByRole("region", { name: "Not sent" })).toBeNull();
  },
};

export const DecidedElsewhereAfterEditsTakenBack: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    await userEvent.type(await canvas.findByRole("textbox", { name: /Reason/ }), "x{Backspace}");
    await transport.decideAs(people.mia, (await transport.find("Refund")).id, { type: "reject" });
    await expect(await canvas.findByText(/Rejected by Mia Stone/)).toBeVisible();
    await expect(canvas.queryByRole("region", { name: "Not sent" })).toBeNull();
  },
};

export const AnsweredElsewhereAfterTakingItBack: Story = {
  parameters: open({ request: failoverQuestion, age: "18m" }),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.type(await canvas.findByRole("textbox", { name: /Note/ }), "x{Backspace}");
    const answer = { dataCentre: "Amsterdam" };
    await transport.decideAs(people.mia, (await transport.find("data centre")).id, { type: "answer", answer });
    await expect(await canvas.findByText(/Answered by Mia Stone/)).toBeVisible();
    await expect(canvas.queryByRole("region", { name: "Not sent" })).toBeNull();
  },
};

export const DecidedElsewhereWhileWritingJson: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    await userEvent.click(await canvas.findByRole("button", { name: "As JSON" }));
    const json = await canvas.findByRole("textbox", { name: "JSON" });
    await userEvent.clear(json);
    await userEvent.type(json, '{{"reason": "The carrier');
    await userEvent.click(canvas.getByRole("button", { name: "Stop editing" }));
    await userEvent.click(canvas.getByRole("button", { name: "Edit" }));
    await expect(await canvas.findByRole("textbox", { name: "JSON" })).toHaveValue('{"reason": "The carrier');
    await transport.decideAs(people.mia, (await transport.find("Refund")).id, { type: "reject" });
    await canvas.findByText(/Rejected by Mia Stone/);
    await expect(within(canvas.getByRole("region", { name: "Not sent" })).getByText(/"The carrier/)).toBeVisible();
  },
};

const inStages: Seed = {
  request: { ...refund, reviewers: undefined, stages: [{ groups: ["support"] }, { name: "Legal", users: ["kim"] }] },
  age: "6m",
};

export const NextStageWhileCommenting: Story = {
  parameters: open(inStages),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), "Checked with the carrier");
    await transport.decideAs(people.mia, (await transport.find("Refund")).id, { type: "approve" });
    await waitFor(() => expect(cardOf(canvas)).toHaveAttribute("data-state", "blocked"));
    const unsent = within(canvas.getByRole("region", { name: "Not sent" }));
    await expect(unsent.getByText("Checked with the carrier")).toBeVisible();
    await waitFor(() => expect(canvas.getByText(/others were asked to decide/).closest("[role=status]")).toHaveFocus());
  },
};

export const NextStageWhileEditing: Story = {
  parameters: open(inStages),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("button", { name: "Edit" }));
    await userEvent.type(await canvas.findByRole("textbox", { name: /Reason/ }), ", says the carrier");
    await transport.decideAs(people.mia, (await transport.find("Refund")).id, { type: "approve" });
    await waitFor(() => expect(cardOf(canvas)).toHaveAttribute("data-state", "blocked"));
    const unsent = within(canvas.getByRole("region", { name: "Not sent" }));
    await expect(await unsent.findByText(/says the carrier/)).toBeVisible();
  },
};

/** The one approval that there was at first, wherever it goes. */
function FirstApproval(): ReactElement | null {
  const { items } = useApprovals({ status: ["pending"] });
  const [id, setId] = useState<string>();
  const [approval] = items;
  if (approval && !id) setId(approval.id);
  return id ? <ApprovalCard approvalId={id} /> : null;
}

export const OutOfSightWhileCommenting: Story = {
  parameters: open({ request: { ...refund, reviewers: { users: ["jo"] } }, age: "6m" }),
  render: () => <FirstApproval />,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), "Checked with the carrier");
    const { id } = await transport.find("Refund");
    await transport.approvals.as({ ...people.mia, role: "admin" }).reassign(id, { users: ["mia"], groups: [] });
    await waitFor(() => expect(canvas.getByText(/you may not see it/)).toHaveFocus());
    const unsent = within(canvas.getByRole("region", { name: "Not sent" }));
    await expect(unsent.getByText("Checked with the carrier")).toBeVisible();
    await userEvent.click(unsent.getByRole("button", { name: "Discard" }));
    await expect(canvas.queryByText("Checked with the carrier")).toBeNull();
    await waitFor(() => expect(canvas.getByText(/you may not see it/)).toHaveFocus());
  },
};

export const AnswerLostAfterCommenting: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    const comment = "Checked with the carrier";
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), comment);
    transport.failNext(new HoldpointError("unavailable", "No answer."), "respond");
    await userEvent.click(canvas.getByRole("button", { name: "Refund" }));
    // What the server has recorded all the same comes by the feed.
    await transport.decideAs(people.jo, (await transport.find("Refund")).id, { type: "approve", comment });
    await expect(await canvas.findByText(/Approved by Jo Brandt/)).toBeVisible();
    await waitFor(() => expect(canvas.queryByRole("region", { name: "Not sent" })).toBeNull());
  },
};

export const OutcomeBeforeTheAnswer: Story = {
  parameters: openRefund,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    const { id } = await transport.find("Refund");
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), "Checked with the carrier");
    const answerNow = transport.hold();
    await userEvent.click(canvas.getByRole("button", { name: "Refund" }));
    // Recorded by the server, whose answer hangs: the feed has it first.
    await transport.decideAs(people.jo, id, { type: "approve", comment: "Checked with the carrier" });
    const outcome = (await canvas.findByText(/Approved by Jo Brandt/)).closest("[data-outcome]");
    await waitFor(() => expect(outcome).toHaveFocus());
    await expect(canvas.queryByRole("region", { name: "Not sent" })).toBeNull();
    answerNow();
  },
};

export const Loading: Story = {
  render: () => <ApprovalCard approvalId="apr_01JD3W3Q000000000000000000" />,
  beforeEach: (context) => fakeTransportOf(context).hold(),
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "loading");
    await expect(cardOf(canvas)).toHaveAttribute("aria-busy", "true");
  },
};

export const NotFound: Story = {
  render: () => <ApprovalCard approvalId="apr_01JD3W3Q000000000000000000" />,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/doesn’t exist, or you may not see it/)).toBeVisible();
    await expect(cardOf(canvas)).toHaveAttribute("data-state", "not_found");
  },
};
