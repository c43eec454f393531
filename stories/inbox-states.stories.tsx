import { HoldpointError } from "@holdpoint/core";
import { ApprovalInbox } from "@holdpoint/react";
import { fakeTransportOf, holdpointDecorator, holdpointLoader, people, type Seed } from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor, within } from "storybook/test";
import { ordinaryDay, thousandRefunds } from "./sample-inbox.ts";
import { expectNoOverflow, onScreen } from "./screen.ts";
import { inboxOf, rowOf } from "./story-queries.ts";
import { wholePage } from "./whole-page.tsx";

/** What an inbox looks like before anybody touches it. */
const meta = {
  title: "Inbox/States",
  component: ApprovalInbox,
  loaders: [holdpointLoader],
  decorators: [wholePage, holdpointDecorator],
} satisfies Meta<typeof ApprovalInbox>;

export default meta;
type Story = StoryObj<typeof meta>;

const day = { holdpoint: { seeds: ordinaryDay } };

export const WithItems: Story = {
  parameters: day,
  play: async ({ canvas }) => {
    await expect(await canvas.findAllByRole("option")).toHaveLength(7);
    await expect(canvas.getByText("Live")).toBeVisible();
    await expect(canvas.getByText("7 waiting for you")).toBeInTheDocument();
    await expect(within(rowOf(canvas, "Refund order")).getByText("12 min left")).toBeVisible();
    await expect(within(rowOf(canvas, "Delete customer")).getByText("1 of 2")).toBeVisible();
    await expect(within(rowOf(canvas, "Which data centre")).getByText("Question")).toBeVisible();
    await expect(canvas.getByText("Choose an approval to see it here")).toBeVisible();
  },
};

const wordy = { ...people.jo, id: "max", name: "Maximiliane-Alexandra von Hohenstein-Wolkersdorf de la Fuente" };

const claimedDay: readonly Seed[] = ordinaryDay.map((seed, i) => {
  const by = { 1: people.mia, 2: people.jo, 5: wordy }[i];
  return by ? { ...seed, claim: { by } } : seed;
});

export const WithClaims: Story = {
  parameters: { holdpoint: { seeds: claimedDay } },
  play: async ({ canvas }) => {
    await expect(await canvas.findAllByRole("option")).toHaveLength(7);
    await expect(within(rowOf(canvas, "Refund order")).getByText("Mia Stone is on it, until 2:16 PM")).toBeVisible();
    await expect(within(rowOf(canvas, "Which data centre")).getByText("You are on it, until 2:16 PM")).toBeVisible();
    await expect(canvas.getAllByText(/ on it, until/)).toHaveLength(3);
  },
};

export const DarkWithClaims: Story = { ...WithClaims, globals: { theme: "dark" } };

export const WithClaimsOnAPhone: Story = {
  ...WithClaims,
  ...onScreen(320, 700),
  parameters: { ...onScreen(320, 700).parameters, ...WithClaims.parameters },
  play: async (context) => {
    await WithClaims.play?.(context);
    await expectNoOverflow();
  },
};

export const CountsWhatTheViewerCanDecide: Story = {
  parameters: { holdpoint: { seeds: ordinaryDay, viewer: people.mia } },
  play: async ({ canvas }) => {
    await expect(await canvas.findAllByRole("option")).toHaveLength(5);
    await expect(canvas.getByText("4 waiting for you")).toBeInTheDocument();
  },
};

export const Dark: Story = {
  ...WithItems,
  globals: { theme: "dark" },
};

export const WithOpenItem: Story = {
  parameters: day,
  play: async ({ canvas, userEvent }) => {
    await canvas.findAllByRole("option");
    await userEvent.click(rowOf(canvas, "Send email"));
    await expect(await canvas.findByRole("heading", { name: /Send email to Ana Ruiz/ })).toBeVisible();
    await expect(rowOf(canvas, "Send email")).toHaveAttribute("aria-selected", "true");
    await expect(canvas.getByRole("button", { name: "Send email" })).toBeVisible();
  },
};

/** As under a zoom of 400 %: the open approval scrolls as one piece. */
export const WithOpenItemOnAShortScreen: Story = {
  ...onScreen(320, 256),
  parameters: { ...onScreen(320, 256).parameters, ...day },
  play: async ({ canvas, userEvent }) => {
    await canvas.findAllByRole("option");
    await userEvent.click(rowOf(canvas, "Send email"));
    const subject = await canvas.findByText("Your new terrace menu, and Friday evenings");
    subject.scrollIntoView({ block: "start" });
    await expect(subject.getBoundingClientRect().top).toBeLessThan(60);
    const send = canvas.getByRole("button", { name: "Send email" });
    await expect(send.getBoundingClientRect().top).toBeGreaterThan(window.innerHeight);
    send.scrollIntoView({ block: "end" });
    await expect(send.getBoundingClientRect().bottom).toBeLessThanOrEqual(window.innerHeight);
  },
};

export const WithOpenItemDark: Story = {
  ...WithOpenItem,
  globals: { theme: "dark" },
};

export const Empty: Story = {
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("Nothing needs your attention")).toBeVisible();
    await expect(inboxOf(canvas)).toHaveAttribute("data-state", "empty");
    await expect(canvas.queryByRole("listbox")).toBeNull();
  },
};

export const Loading: Story = {
  args: { defaultFilter: "mine" },
  parameters: day,
  beforeEach: (context) => fakeTransportOf(context).hold(),
  play: async ({ canvas }) => {
    await expect(inboxOf(canvas)).toHaveAttribute("data-state", "loading");
    await expect(canvas.getByText("Loading approvals")).toBeInTheDocument();
  },
};

export const Failed: Story = {
  args: { defaultFilter: "decided" },
  parameters: day,
  beforeEach: (context) =>
    fakeTransportOf(context).failNext(new HoldpointError("internal", "The database is busy."), "listApprovals"),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText(/could not be loaded.*The database is busy/)).toBeVisible();
    await expect(inboxOf(canvas)).toHaveAttribute("data-state", "error");
    await userEvent.click(canvas.getByRole("button", { name: "Try again" }));
    await expect(await canvas.findByText("No approvals match.")).toBeVisible();
  },
};

export const Offline: Story = {
  parameters: day,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await userEvent.click(await canvas.findByRole("option", { name: /Refund order/ }));
    await userEvent.type(await canvas.findByRole("textbox", { name: "Comment" }), "Carrier confirmed");
    transport.goOffline();
    await expect(await canvas.findByText("Offline")).toBeVisible();
    const card = canvas.getByRole("article");
    await expect(card).toHaveAttribute("data-state", "offline");
    await expect(canvas.getByRole("button", { name: "Refund" })).toHaveAttribute("aria-disabled", "true");
    await expect(canvas.getByText(/You are offline/)).toBeVisible();
    await expect(canvas.getByRole("textbox", { name: "Comment" })).toHaveValue("Carrier confirmed");
  },
};

export const BackOnline: Story = {
  parameters: day,
  play: async (context) => {
    const { canvas } = context;
    const transport = fakeTransportOf(context);
    await canvas.findAllByRole("option");
    transport.goOffline();
    await canvas.findByText("Offline");
    const { id } = await transport.find("Deploy api");
    await transport.decideAs(people.mia, id, { type: "approve" });
    transport.reconnect();
    await expect(await canvas.findByText("Live")).toBeVisible();
    await expect(await within(rowOf(canvas, "Deploy api")).findByText("Approved")).toBeVisible();
  },
};

export const Unauthorised: Story = {
  parameters: day,
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    await canvas.findAllByRole("option");
    transport.expireToken();
    await expect(await canvas.findByText("Signed out")).toBeVisible();
    await expect(canvas.getAllByRole("option")).toHaveLength(7);
    transport.renewToken();
    await userEvent.click(canvas.getByRole("button", { name: "Try again" }));
    await expect(await canvas.findByText("Live")).toBeVisible();
  },
};

export const ThousandRows: Story = {
  parameters: { holdpoint: { seeds: thousandRefunds } },
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText("1,000")).toBeVisible();
    await userEvent.click(rowOf(canvas, "Refund order 50000"));
    await waitFor(async () => {
      await userEvent.keyboard("{End}");
      await expect(focusedPosition()).toBeGreaterThanOrEqual(200);
    });
    await expect(document.activeElement).toHaveTextContent(`Refund order ${50_001 - focusedPosition()}`);
    await expect(canvas.getAllByRole("option").length).toBeLessThan(60);
    await expect(document.activeElement).toHaveAttribute("aria-setsize", "-1");
  },
};

function focusedPosition(): number {
  return Number(document.activeElement?.getAttribute("aria-posinset"));
}
