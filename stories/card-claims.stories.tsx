import { HoldpointError } from "@holdpoint/core";
import {
  fakeTransportOf,
  holdpointDecorator,
  holdpointLoader,
  people,
  refund,
  type Seed,
} from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, waitFor } from "storybook/test";
import { arabicEmail, arabicLook } from "./arabic.ts";
import { besideMargins } from "./beside-margins.tsx";
import { OnlyApproval } from "./only-approval.tsx";
import { expectNoOverflow, onScreen } from "./screen.ts";
import { type Canvas, cardOf } from "./story-queries.ts";

/** Who is working on an approval, and how to say so: a courtesy, others can still decide. */
const meta = {
  title: "Card/Claims",
  component: OnlyApproval,
  loaders: [holdpointLoader],
  decorators: [besideMargins, holdpointDecorator],
} satisfies Meta<typeof OnlyApproval>;

export default meta;
type Story = StoryObj<typeof meta>;

const open = (seed: Partial<Seed> = {}) => ({ holdpoint: { seeds: [{ request: refund, age: "15m", ...seed }] } });
const longName = "Maximiliane-Alexandra von Hohenstein-Wolkersdorf de la Fuente";
const claimOf = (canvas: Canvas) => cardOf(canvas).querySelector(".hp-claim");

export const Unclaimed: Story = {
  parameters: open(),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button", { name: "Claim" }));
    const release = await canvas.findByRole("button", { name: "Release" });
    await expect(release).toHaveFocus();
    await expect(release).toHaveAccessibleDescription(/^You are on it, until 2:\d\d PM$/);
    await expect(claimOf(canvas)).toHaveAttribute("data-claim", "own");
    await userEvent.keyboard("{Enter}");
    await expect(await canvas.findByRole("button", { name: "Claim" })).toHaveFocus();
    await expect(canvas.queryByText(/is on it|are on it/)).toBeNull();
  },
};

export const ClaimedByMe: Story = {
  parameters: open({ claim: { by: people.jo } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText("You are on it, until 2:16 PM")).toBeVisible();
    await expect(canvas.getByRole("button", { name: "Release" })).toBeVisible();
  },
};

export const ClaimedByAnother: Story = {
  parameters: open({ claim: { by: people.mia } }),
  play: async ({ canvas, userEvent }) => {
    await expect(await canvas.findByText("Mia Stone is on it, until 2:16 PM")).toBeVisible();
    await expect(claimOf(canvas)).toHaveAttribute("data-claim", "other");
    await expect(canvas.queryByRole("button", { name: /Claim|Release/ })).toBeNull();
    await userEvent.click(canvas.getByRole("button", { name: "Refund" }));
    await expect(await canvas.findByText(/Approved by Jo Brandt/)).toBeVisible();
    await expect(canvas.queryByText(/is on it/)).toBeNull();
  },
};

export const ClaimedIntoTheNextDay: Story = {
  parameters: open({ request: { ...refund, timeout: "7d" }, claim: { by: people.mia, for: "20h" } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/^Mia Stone is on it, until Nov 21, 2026.+10:06 AM$/)).toBeVisible();
  },
};

export const ClaimExpired: Story = {
  parameters: open({ claim: { by: people.mia, ago: "11m" } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("button", { name: "Claim" })).toBeVisible();
    await expect(canvas.queryByText(/is on it/)).toBeNull();
  },
};

export const ClaimedMeanwhile: Story = {
  parameters: open(),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const transport = fakeTransportOf(context);
    const { id } = await transport.find("Refund");
    const claim = await canvas.findByRole("button", { name: "Claim" });
    const release = transport.hold();
    await userEvent.click(claim);
    await expect(claim).toHaveAttribute("aria-busy", "true");
    await transport.approvals.as(people.mia).claim(id);
    release();
    await expect(await canvas.findByText(/^Mia Stone is on it/)).toBeVisible();
    await waitFor(() => expect(claimOf(canvas)).toHaveFocus());
    await expect(cardOf(canvas).querySelector(".hp-claim-error")).toBeNull();
  },
};

export const ClaimingFails: Story = {
  parameters: open(),
  play: async (context) => {
    const { canvas, userEvent } = context;
    const failure = new HoldpointError("unavailable", "The server can’t be reached.");
    const claim = await canvas.findByRole("button", { name: "Claim" });
    fakeTransportOf(context).failNext(failure, "claimApproval");
    await userEvent.click(claim);
    await expect(await canvas.findByText("That did not work. The server can’t be reached.")).toBeVisible();
    await expect(claim).toHaveFocus();
    await userEvent.click(claim);
    await expect(await canvas.findByText(/^You are on it/)).toBeVisible();
    await expect(canvas.queryByText(/did not work/)).toBeNull();
  },
};

export const NobodyElseIsAsked: Story = {
  parameters: open({ request: { ...refund, reviewers: { users: ["jo"] } } }),
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("button", { name: "Refund" })).toBeVisible();
    await expect(claimOf(canvas)).toBeNull();
  },
};

export const Dark: Story = { ...ClaimedByMe, globals: { theme: "dark" } };

export const NarrowLongName: Story = {
  ...onScreen(320, 720),
  parameters: { ...onScreen(320, 720).parameters, ...open({ claim: { by: { ...people.mia, name: longName } } }) },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/^Maximiliane.+ is on it, until/)).toBeVisible();
    await expectNoOverflow();
  },
};

export const RightToLeft: Story = {
  ...onScreen(360, 740),
  parameters: {
    ...onScreen(360, 740).parameters,
    ...open({ request: arabicEmail, claim: { by: people.jo } }),
    look: arabicLook,
  },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/^أنت تعمل عليها/)).toBeVisible();
    await expect(canvas.getByRole("button", { name: "ترك" })).toBeVisible();
    await expectNoOverflow();
  },
};
