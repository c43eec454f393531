import { HoldpointError, type Run, type RunStep } from "@holdpoint/core";
import { ApprovalCard, type ConnectedTimelineProps, RunTimeline } from "@holdpoint/react";
import {
  escalatingRefund,
  fakeTransportOf,
  fixtureNow,
  holdpointDecorator,
  holdpointLoader,
  refund,
  runFixture,
} from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect } from "storybook/test";
import { besideMargins } from "./beside-margins.tsx";
import { onScreen } from "./screen.ts";

const run = runFixture({
  status: "waiting",
  steps: [
    { name: "draft", began: "2m", took: "640ms", output: "Dear Ana" },
    { name: "review", kind: "approval", status: "waiting", approvalId: "apr_1" },
  ],
});

/** A timeline that reads its run from a server. */
const meta: Meta<ConnectedTimelineProps> = {
  title: "Run timeline/Live",
  component: RunTimeline,
  loaders: [holdpointLoader],
  decorators: [besideMargins, holdpointDecorator],
  parameters: { holdpoint: { runs: [run] } },
  args: { runId: run.id },
};

export default meta;
type Story = StoryObj<ConnectedTimelineProps>;

export const CancelTheRun: Story = {
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button", { name: "Cancel run" }));
    await userEvent.click(canvas.getByRole("button", { name: "Cancel the run and withdraw what it asks" }));
    await expect(await canvas.findByText("Cancelled")).toHaveFocus();
    await expect(canvas.queryByRole("button", { name: /run/ })).toBeNull();
  },
};

export const CancellingFails: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    await userEvent.click(await canvas.findByRole("button", { name: "Cancel run" }));
    fakeTransportOf(context).failNext(new HoldpointError("forbidden", "Only its owner can do that."), "cancelRun");
    await userEvent.click(canvas.getByRole("button", { name: "Cancel the run and withdraw what it asks" }));
    await expect(await canvas.findByRole("alert")).toHaveTextContent("Only its owner can do that.");
    await expect(canvas.getByRole("button", { name: "Cancel run" })).toHaveFocus();
  },
};

export const EndsBeforeItIsCancelled: Story = {
  play: async (context) => {
    const { canvas, userEvent } = context;
    await userEvent.click(await canvas.findByRole("button", { name: "Cancel run" }));
    await fakeTransportOf(context).request("cancelRun", { params: { id: run.id }, body: {} });
    await userEvent.click(canvas.getByRole("button", { name: "Cancel the run and withdraw what it asks" }));
    await expect(await canvas.findByRole("alert")).toHaveTextContent("has ended");
    await expect(canvas.getByRole("alert")).toHaveFocus();
    await expect(canvas.getByRole("status")).toHaveTextContent("Cancelled");
    await expect(canvas.queryByRole("button", { name: /run/ })).toBeNull();
  },
};

const long = runFixture({
  status: "waiting",
  steps: Array.from({ length: 20 }, (_, i) => ({ name: `page ${i + 1}`, took: "640ms", output: "Read" })),
});

const phone = onScreen(360, 640);

export const EndsBeforeItIsCancelledOnAPhone: Story = {
  ...phone,
  parameters: { ...phone.parameters, holdpoint: { runs: [long] } },
  play: async (context) => {
    await EndsBeforeItIsCancelled.play?.(context);
    const { top, bottom } = context.canvas.getByRole("alert").getBoundingClientRect();
    await expect(top).toBeGreaterThanOrEqual(0);
    await expect(bottom).toBeLessThanOrEqual(window.innerHeight);
  },
};

const failed = runFixture({
  status: "failed",
  took: "9s",
  steps: [{ name: "send", status: "failed", attempts: 4, error: { name: "Error", message: "503" } }],
  error: { name: "StepError", message: 'Step "send" failed: 503' },
});

export const RetryTheRun: Story = {
  parameters: { holdpoint: { runs: [failed] } },
  args: { runId: failed.id },
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(await canvas.findByRole("button", { name: "Retry run" }));
    await expect(await canvas.findByRole("button", { name: "Cancel run" })).toBeVisible();
    await expect(canvas.getByRole("status")).toHaveTextContent("Running");
    await expect(canvas.getByRole("status")).toHaveFocus();
  },
};

const gate: RunStep = {
  name: "send",
  kind: "approval",
  status: "waiting",
  attempts: 1,
  startedAt: new Date(fixtureNow - 120_000).toISOString(),
};
const asking: Run = { ...runFixture({ status: "waiting" }), steps: [gate] };

export const SaysWhoIsAskedUntilWhen: Story = {
  parameters: { holdpoint: { runs: [asking], seeds: [{ request: refund }] } },
  args: { runId: asking.id },
  beforeEach: async (context) => {
    const { items } = await fakeTransportOf(context).request("listApprovals", { query: {} });
    gate.approvalId = items[0]?.id;
  },
  play: async ({ canvas }) => {
    const asked = await canvas.findByText(/Asked: /);
    await expect(asked).toHaveTextContent(/^Refund order 48213 for €1,240.00 · Asked: .+ left$/);
  },
};

const escalatedSeed = { holdpoint: { runs: [asking], seeds: [{ request: escalatingRefund, age: "6h" }] } } as const;

export const SaysSinceWhenItIsEscalated: Story = {
  ...SaysWhoIsAskedUntilWhen,
  parameters: escalatedSeed,
  play: async ({ canvas }) => {
    const asked = await canvas.findByText(/Asked: /);
    await expect(asked).toHaveTextContent(/ · Asked: group support and group legal · Escalated .+ · .+ left$/);
  },
};

export const SaysWhoIsAskedAboveTheHostsApproval: Story = {
  ...SaysWhoIsAskedUntilWhen,
  parameters: escalatedSeed,
  args: { runId: asking.id, renderApproval: (id) => <ApprovalCard approvalId={id} /> },
  play: async ({ canvas }) => {
    const [line] = await canvas.findAllByText(/^Asked: /);
    await expect(line).toHaveTextContent(/^Asked: group support and group legal · Escalated .+$/);
    await expect(await canvas.findByRole("button", { name: "Refund" })).toBeVisible();
  },
};

export const SaysWhoIsAskedOnAPhone: Story = {
  ...SaysWhoIsAskedAboveTheHostsApproval,
  ...phone,
  parameters: { ...phone.parameters, ...escalatedSeed },
};

export const Loading: Story = {
  parameters: { holdpoint: { latencyMs: 60_000 } },
  play: async ({ canvas, canvasElement }) => {
    await expect(canvasElement.querySelector(".hp-run")).toHaveAttribute("data-state", "loading");
    await expect(canvas.getByText("Loading the run")).toBeVisible();
  },
};

export const NotFound: Story = {
  args: { runId: "run_00000000000000000000000000" },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByText(/doesn’t exist/)).toBeVisible();
    await expect(canvasElement.querySelector(".hp-run")).toHaveAttribute("data-state", "not_found");
  },
};

export const CannotBeRead: Story = {
  beforeEach: (context) => {
    fakeTransportOf(context).failNext(new HoldpointError("unavailable", "The server is restarting."), "getRun");
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(await canvas.findByRole("alert")).toHaveTextContent("The server is restarting.");
    await expect(canvasElement.querySelector(".hp-run")).toHaveAttribute("data-state", "error");
  },
};
