import type { Json } from "@holdpoint/core";
import { type GivenTimelineProps, RunTimeline } from "@holdpoint/react";
import { runFixture, type StepFixture } from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, within } from "storybook/test";
import { arabicLook } from "./arabic.ts";
import { besideMargins } from "./beside-margins.tsx";
import { expectNoOverflow, onScreen } from "./screen.ts";

/** One story for each `data-state` that a timeline can be in with the run it is given. */
const meta: Meta<GivenTimelineProps> = {
  title: "Run timeline/States",
  component: RunTimeline,
  decorators: [besideMargins],
};

export default meta;
type Story = StoryObj<GivenTimelineProps>;

const email = { to: "ana@casaolmo.example", subject: "Your new terrace menu", body: "Dear Ana, ..." };
const outcome = (status: string, name: string, reason?: string): Json => ({
  status,
  approved: status === "approved",
  decidedBy: [{ id: name.toLowerCase(), name }],
  escalated: false,
  at: "2026-11-20T14:06:00.000Z",
  ...(reason && { reason }),
});

const research: StepFixture = { name: "research", began: "2m", took: "2s", output: { company: "Casa Olmo" } };
const draft: StepFixture = { name: "draft", began: "118s", took: "640ms", output: email, attempts: 2 };
const gate: StepFixture = { name: "review", kind: "approval", began: "117s", approvalId: "apr_1" };
const asked: StepFixture = { ...gate, status: "waiting" };
const askedAgain: StepFixture = { ...asked, name: "review#2", approvalId: "apr_2" };
const decided = (output: Json): StepFixture => ({ ...gate, took: "57s", output });

const rejection = outcome("rejected", "Kim Ito", "Not while they renovate");

const longWord = "unbroken-".repeat(30);
const state = (canvasElement: HTMLElement) => canvasElement.querySelector(".hp-run")?.getAttribute("data-state");

export const Queued: Story = {
  args: { run: runFixture({ status: "queued", age: "2s" }) },
  play: async ({ canvas, canvasElement }) => {
    await expect(state(canvasElement)).toBe("queued");
    await expect(canvas.getByText("No step was reached yet.")).toBeVisible();
  },
};

export const Running: Story = {
  args: { run: runFixture({ steps: [research, { ...draft, took: undefined }] }), cancel: fn() },
  play: async ({ canvas, canvasElement }) => {
    await expect(state(canvasElement)).toBe("running");
    await expect(canvas.getByRole("region", { name: "outreach" })).toBeVisible();
    await expect(canvas.getAllByRole("listitem").map((step) => step.dataset.status)).toEqual(["completed", "running"]);
    const [first, second] = canvas.getAllByRole("listitem");
    await expect(first).toHaveTextContent(/^researchStepCompleted · 2 sec · 1 min\. ago/);
    await expect(second).toHaveTextContent(/^draftStepRunning · began 1 min\. ago · 2 attempts(?!Running)/);
  },
};

export const Waiting: Story = {
  args: {
    run: runFixture({ status: "waiting", steps: [research, draft, asked] }),
    renderApproval: (id) => <a href={`#${id}`}>Open the approval</a>,
    cancel: fn(async () => runFixture()),
  },
  play: async ({ canvas, canvasElement, userEvent, args }) => {
    await expect(state(canvasElement)).toBe("waiting");
    await expect(canvas.getByText("Waits for a decision")).toBeVisible();
    await expect(canvas.getByRole("link", { name: "Open the approval" })).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: "Cancel run" }));
    await expect(args.cancel).not.toHaveBeenCalled();
    await expect(canvas.getByRole("button", { name: "Let it go on" })).toHaveFocus();
    await userEvent.keyboard("{Enter}");
    await expect(canvas.getByRole("button", { name: "Cancel run" })).toHaveFocus();
    await userEvent.keyboard("{Enter}{Escape}");
    await expect(canvas.getByRole("button", { name: "Cancel run" })).toHaveFocus();
    await expect(args.cancel).not.toHaveBeenCalled();
    await userEvent.click(canvas.getByRole("button", { name: "Cancel run" }));
    await userEvent.click(canvas.getByRole("button", { name: "Cancel the run and withdraw what it asks" }));
    await expect(args.cancel).toHaveBeenCalledOnce();
  },
};

export const WaitingForEverything: Story = {
  args: {
    run: runFixture({
      status: "waiting",
      steps: [
        {
          name: "charge",
          status: "waiting",
          wakesIn: "45s",
          attempts: 3,
          error: { name: "Error", message: "Timeout" },
        },
        { name: "cooling off", kind: "sleep", status: "waiting", wakesIn: "2d" },
        { name: "paid", kind: "event", status: "waiting", wakesIn: "3d", event: { name: "order.paid" } },
        { name: "log", kind: "log", took: "1ms", output: { message: "Asked the warehouse", data: { stock: 4 } } },
        { name: "call", kind: "approval", status: "cancelled", began: "30s", took: "9s" },
        { name: "shipped", kind: "event", began: "40s", took: "30s", output: null },
        { name: "invoice", kind: "invoke", status: "waiting", childRunId: "run_2" },
        { name: "which site", kind: "question", status: "waiting", approvalId: "apr_2" },
        asked,
      ],
    }),
    renderRun: (id) => <a href={`#${id}`}>Open the child run</a>,
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(/Waits for the event order.paid/)).toHaveTextContent(/until .+2026.+ \(in 3 days\)$/);
    const [retry, , , log] = canvas.getAllByRole("listitem");
    await expect(retry).toHaveTextContent(/Tries again on .+2026.+ \(.+\)/);
    await expect(log).toHaveTextContent(/^Asked the warehouseLog[^·]+Output/);
    await expect(canvas.getByText("The run went on without it")).toBeVisible();
    await expect(canvas.getByText("No such event came in time")).toBeVisible();
    await expect(canvas.getByRole("link", { name: "Open the child run" })).toBeVisible();
    await expect(canvas.getByText("Timeout")).toBeVisible();
    await expect(canvas.getByText("Waits for an answer")).toBeVisible();
    await expect(within(canvas.getAllByRole("listitem")[1] as HTMLElement).getByText(/Sleeps/)).toBeVisible();
  },
};

export const Stranded: Story = {
  args: { run: runFixture({ status: "stranded", steps: [research] }) },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(/its workflow is not in the code/)).toBeVisible();
  },
};

export const Completed: Story = {
  args: {
    run: runFixture({
      status: "completed",
      took: "65s",
      steps: [
        research,
        draft,
        decided(outcome("approved", "Jo Brandt")),
        { name: "send", began: "1m", took: "310ms", output: { messageId: "<1@acme.example>" } },
      ],
      output: { status: "sent" },
    }),
    cancel: fn(),
  },
  play: async ({ canvas, canvasElement, userEvent }) => {
    await expect(state(canvasElement)).toBe("completed");
    await expect(canvas.getByText(/Approved by Jo Brandt/)).toBeVisible();
    const result = within(canvas.getByRole("region", { name: "Result" }));
    await expect(result.getByText("sent")).toBeVisible();
    await userEvent.click(result.getByRole("button", { name: "Raw" }));
    await expect(result.getByText(/"sent"/)).toBeVisible();
    await expect(canvas.getByText("Input")).toBeVisible();
    await userEvent.click(canvas.getByText("Input"));
    await expect(canvas.getAllByText("ana@casaolmo.example")[0]).toBeVisible();
    await expect(canvas.queryByRole("button", { name: "Cancel run" })).toBeNull();
    await userEvent.click(canvas.getAllByText("Output")[1] as HTMLElement);
    await expect(canvas.getByText(/Your new terrace menu/)).toBeVisible();
  },
};

export const Failed: Story = {
  args: {
    run: runFixture({
      status: "failed",
      took: "9s",
      steps: [
        { ...research, status: "failed", attempts: 4, output: undefined, error: { name: "Error", message: "503" } },
      ],
      error: { name: "StepError", message: 'Step "research" failed: 503' },
    }),
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(state(canvasElement)).toBe("failed");
    await expect(canvas.getByText('Step "research" failed: 503')).toBeVisible();
  },
};

export const Rejected: Story = {
  args: {
    run: runFixture({
      status: "rejected",
      took: "65s",
      steps: [research, draft, decided(rejection)],
      outcome: { ...(rejection as object), approvalId: "apr_1" } as NonNullable<GivenTimelineProps["run"]["outcome"]>,
    }),
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(state(canvasElement)).toBe("rejected");
    await expect(canvas.getAllByText(/Not while they renovate/)).toHaveLength(2);
    await expect(canvas.getByRole("region", { name: "Result" })).toHaveTextContent("Rejected by Kim Ito");
  },
};

export const DecidedAfterAnEscalation: Story = {
  args: {
    run: runFixture({
      status: "completed",
      took: "65s",
      steps: [
        research,
        { name: "tell sales", kind: "notify", began: "118s", took: "12ms", output: null },
        decided({ ...(outcome("approved", "Leo Tran") as object), escalated: true }),
      ],
    }),
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Approved by Leo Tran (after an escalation)")).toBeVisible();
    const notice = canvas.getAllByRole("listitem")[1];
    await expect(notice).toHaveTextContent(/^tell salesNotificationCompleted · 12 ms · .+ ago$/);
  },
};

export const ApprovedWithChanges: Story = {
  args: {
    run: runFixture({
      status: "completed",
      took: "65s",
      steps: [research, draft, decided({ ...(outcome("approved", "Mia Stone") as object), edited: true })],
    }),
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByText("Approved with changes by Mia Stone")).toBeVisible();
  },
};

const silence: Json = { ...(outcome("timed_out", "") as object), decidedBy: [] };

export const TimedOut: Story = {
  args: {
    run: runFixture({
      status: "timed_out",
      took: "65s",
      steps: [research, draft, decided(silence)],
      outcome: { ...(silence as object), approvalId: "apr_1" } as NonNullable<GivenTimelineProps["run"]["outcome"]>,
    }),
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(state(canvasElement)).toBe("timed_out");
    await expect(canvas.getAllByText("Nobody decided in time.")).toHaveLength(2);
    await expect(canvas.getAllByRole("listitem")[2]).toHaveAttribute("data-outcome", "timed_out");
  },
};

export const Cancelled: Story = {
  args: {
    run: runFixture({
      status: "cancelled",
      took: "1m",
      steps: [
        research,
        decided(outcome("cancelled", "Mia Stone", "The run was cancelled.")),
        { name: "not longer than", kind: "sleep", status: "waiting", wakesIn: "2d" },
      ],
    }),
  },
  play: async ({ canvas, canvasElement }) => {
    await expect(state(canvasElement)).toBe("cancelled");
    await expect(canvas.getByText(/Withdrawn by Mia Stone/)).toHaveTextContent("The run was cancelled.");
    const pause = canvas.getAllByRole("listitem")[2];
    await expect(pause).toHaveAttribute("data-status", "cancelled");
    await expect(pause).toHaveTextContent(/^not longer thanPauseCancelled · began .+The run ended before it did$/);
  },
};

/** A loop of an agent that thinks, looks things up and asks, over and over. */
const loop = runFixture({
  status: "waiting",
  workflow: "assistant",
  age: "40m",
  steps: [
    ...Array.from({ length: 12 }, (_, i): StepFixture[] => [
      { name: i === 0 ? "think" : `think#${i + 1}`, began: "30m", took: "4s", output: { calls: ["find_customer"] } },
      { name: `find_customer call_${i}`, began: "29m", took: "12ms", output: { name: "Casa Olmo", records: 48 } },
    ]).flat(),
    { ...decided(rejection), name: "send_email call_12" },
    { ...asked, name: "send_email call_13" },
  ],
});

export const ToolLoop: Story = {
  args: { run: loop },
  play: async ({ canvas }) => {
    const steps = canvas.getAllByRole("listitem");
    await expect(steps).toHaveLength(26);
    await expect(steps[24]).toHaveAttribute("data-outcome", "rejected");
    await expect(steps[24]).toHaveTextContent(/Rejected · 57 sec .+Rejected by Kim Ito: Not while they renovate/);
  },
};

export const Dark: Story = { ...Completed, globals: { theme: "dark" } };

export const DarkWaitingForEverything: Story = { ...WaitingForEverything, globals: { theme: "dark" } };

export const DarkFailed: Story = { ...Failed, globals: { theme: "dark" } };

/** Shown with the colours of the system's own palette; in a browser of one's own, ask it to emulate forced colours. */
export const ForcedColours: Story = {
  ...Rejected,
  tags: ["forced-colors"],
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByRole("status")).toHaveTextContent("Rejected");
    const marks = [...canvasElement.querySelectorAll(".hp-run-step-mark")].map((mark) => getComputedStyle(mark));
    await expect(marks[0]?.borderStartStartRadius).not.toBe(marks[2]?.borderStartStartRadius);
    await expect(marks[0]?.borderTopStyle).toBe("solid");
  },
};

export const RightToLeft: Story = {
  args: { ...Waiting.args, run: runFixture({ status: "waiting", steps: [research, decided(rejection), askedAgain] }) },
  parameters: { look: arabicLook },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("region")).toHaveAttribute("dir", "rtl");
    const step = canvas.getAllByRole("listitem")[1] as HTMLElement;
    const mark = step.querySelector(".hp-run-step-mark")?.getBoundingClientRect();
    await expect(mark?.left).toBeGreaterThan(within(step).getByText("review").getBoundingClientRect().right);
    await expect(canvas.getByText(/رفضها Kim Ito/)).toBeVisible();
  },
};

const phone = onScreen(360, 700);

export const RightToLeftOnAPhone: Story = {
  ...RightToLeft,
  ...phone,
  parameters: { ...phone.parameters, look: arabicLook },
};

export const PhoneWaiting: Story = {
  args: { ...Waiting.args, run: loop },
  ...phone,
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getByRole("button", { name: "Cancel run" }));
    await expect(canvas.getByRole("button", { name: "Let it go on" })).toHaveFocus();
    await expectNoOverflow();
  },
};

export const PhoneNestedResult: Story = {
  args: {
    run: runFixture({
      status: "completed",
      took: "65s",
      output: { status: "resolved", developerResponse: { answer: "Fixed since noon.", cause: "outage" } },
    }),
  },
  ...phone,
  play: async ({ canvas }) => {
    const lines = canvas.getByText("Fixed since noon.").getClientRects();
    await expect(lines).toHaveLength(1);
  },
};

export const Phone: Story = {
  args: {
    run: runFixture({
      status: "failed",
      workflow: longWord,
      steps: [
        { name: longWord, took: "2s", output: { [longWord]: longWord } },
        { ...draft, status: "failed", error: { name: "Error", message: longWord } },
      ],
      took: "3s",
      error: { name: "Error", message: `Refund\u202e0001 € ${longWord}` },
    }),
  },
  ...onScreen(320, 700),
  play: async ({ canvas, userEvent }) => {
    await userEvent.click(canvas.getAllByText("Output")[0] as HTMLElement);
    await expectNoOverflow();
  },
};
