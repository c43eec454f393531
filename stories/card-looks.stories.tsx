import type { Approval } from "@holdpoint/core";
import { ApprovalCard, type GivenCardProps } from "@holdpoint/react";
import {
  approvalFixture,
  deleteCustomer,
  failoverQuestion,
  hostileText,
  longUnbrokenText,
  outreachEmail,
  people,
  publishArticle,
  refund,
  warehouseSql,
} from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect } from "storybook/test";
import { arabicEmail, arabicLook } from "./arabic.ts";
import { besideMargins } from "./beside-margins.tsx";
import { expectNoOverflow, onScreen } from "./screen.ts";
import { cardOf } from "./story-queries.ts";

/** One card in other surroundings and with other contents: nothing may overflow, hide or break. */
const meta: Meta<GivenCardProps> = {
  title: "Card/Looks",
  component: ApprovalCard,
  decorators: [besideMargins],
  args: {
    viewer: people.jo,
    approval: approvalFixture(outreachEmail, {
      age: "3m",
      decisions: [{ by: people.kim, type: "approve", ago: "2m" }],
    }),
  },
};

export default meta;
type Story = StoryObj<GivenCardProps>;

/** How far an element's text reaches to the right, px. */
function endOfText(element: HTMLElement): number {
  const range = document.createRange();
  range.selectNodeContents(element);
  return Math.max(...Array.from(range.getClientRects(), ({ right }) => right));
}

export const Dark: Story = {
  globals: { theme: "dark" },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("data-theme", "dark");
    await expect(getComputedStyle(cardOf(canvas)).colorScheme).toBe("dark");
  },
};

export const DarkQuestion: Story = {
  args: { approval: approvalFixture(failoverQuestion, { age: "18m" }) },
  globals: { theme: "dark" },
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole("radio", { name: "Madrid" })).toBeVisible();
  },
};

export const DarkEnding: Story = {
  args: {
    approval: approvalFixture(refund, { decisions: [{ by: people.mia, type: "reject", comment: "Found again." }] }),
  },
  globals: { theme: "dark" },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(/Rejected by Mia Stone/)).toBeVisible();
  },
};

export const RightToLeft: Story = {
  args: { approval: approvalFixture(arabicEmail, { age: "3m" }) },
  parameters: { look: arabicLook },
  play: async ({ canvas }) => {
    await expect(cardOf(canvas)).toHaveAttribute("dir", "rtl");
    const reject = canvas.getByRole("button", { name: "رفض" });
    const send = canvas.getByRole("button", { name: "إرسال الرسالة" });
    await expect(send.getBoundingClientRect().right).toBeLessThan(reject.getBoundingClientRect().left);
    for (const words of [/^مررت بمطعم/, /^أعاد المطعم/]) {
      await expect(endOfText(canvas.getByText(words))).toBeGreaterThan(
        cardOf(canvas).getBoundingClientRect().right - 80,
      );
    }
    await expectNoOverflow();
  },
};

export const Narrow: Story = {
  ...onScreen(320, 720),
  play: async ({ canvas }) => {
    await expect(canvas.getByRole("button", { name: "Send email" })).toBeVisible();
    await expectNoOverflow();
  },
};

export const NarrowLongUnbrokenText: Story = {
  args: { approval: approvalFixture(longUnbrokenText) },
  ...onScreen(320, 720),
  play: expectNoOverflow,
};

/** Shown with the colours of the system's own palette; in a browser of one's own, ask it to emulate forced colours. */
export const ForcedColours: Story = {
  tags: ["forced-colors"],
  play: async ({ canvas }) => {
    const send = getComputedStyle(canvas.getByRole("button", { name: "Send email" }));
    await expect(send.borderTopStyle).toBe("solid");
    await expect(send.borderTopWidth).not.toBe("0px");
  },
};

export const ForcedColoursQuestion: Story = {
  args: { approval: approvalFixture(failoverQuestion, { age: "18m" }) },
  tags: ["forced-colors"],
  play: async ({ canvas, userEvent }) => {
    const madrid = await canvas.findByRole("radio", { name: "Madrid" });
    await userEvent.click(madrid);
    await expect(madrid).toBeChecked();
  },
};

export const LongUnbrokenText: Story = {
  args: { approval: approvalFixture(longUnbrokenText) },
  play: expectNoOverflow,
};

export const HostileText: Story = {
  args: { approval: approvalFixture(hostileText) },
  play: async ({ canvas, canvasElement }) => {
    for (const invisible of ["U+202E", "U+200B", "U+200D"]) {
      await expect(canvas.getAllByText(invisible)[0]).toBeVisible();
    }
    await expect(canvas.getByText(/<b>Approve to continue\.<\/b>/)).toBeVisible();
    await expect(canvasElement.querySelector("script, iframe, img, a[href^='javascript']")).toBeNull();
    await expect(canvas.getByRole("button", { name: "Load image" })).toBeVisible();
  },
};

export const CodeAndJson: Story = {
  args: { approval: approvalFixture(warehouseSql, { age: "3h" }) },
  play: async ({ canvas, userEvent }) => {
    await expect(canvas.getByText(/UPDATE orders SET region/)).toBeVisible();
    await userEvent.click(canvas.getByRole("button", { name: "Raw" }));
    await expect(canvas.getByText(/"database": "warehouse"/)).toBeVisible();
  },
};

export const MarkdownAndDiff: Story = {
  args: {
    approval: approvalFixture(publishArticle, {
      age: "2h",
      decisions: [{ by: people.kim, type: "approve", ago: "1h" }],
    }),
  },
  play: async ({ canvas }) => {
    await expect((await canvas.findAllByText("two thirds"))[0]).toBeVisible();
    await expect(canvas.getByRole("link", { name: /full table/ })).toHaveAttribute("rel", "noopener noreferrer");
    await expect(canvas.getByText(/half/)).toBeVisible();
  },
};

export const Inline: Story = {
  args: { variant: "inline" },
  play: async ({ canvas, userEvent }) => {
    await expect(canvas.getByText("Research used")).not.toBeVisible();
    await userEvent.click(canvas.getByText("Details"));
    const research = canvas.getByText("Research used");
    await expect(research).toBeVisible();
    const message = canvas.getByText(/The prospect reopened its terrace/);
    await expect(research.getBoundingClientRect().top).toBeGreaterThan(message.getBoundingClientRect().bottom + 12);
  },
};

/** What a newer server may send to an older kit: it shows what it can, and rejecting stays possible. */
export const UnknownKindAndBlock: Story = {
  args: { approval: fromTheFuture() },
  play: async ({ canvas }) => {
    await expect(canvas.getByText(/Content of the kind “chart”/)).toBeVisible();
    await expect(canvas.getByText(/"series"/)).toBeVisible();
    await expect(canvas.getByRole("button", { name: "Reject" })).toBeVisible();
  },
};

function fromTheFuture(): Approval {
  const unknown = { kind: "ballot", content: [{ type: "chart", title: "Load", series: [3, 5, 8] }] } as unknown;
  return { ...approvalFixture(deleteCustomer, { age: "41m" }), ...(unknown as Partial<Approval>) };
}
