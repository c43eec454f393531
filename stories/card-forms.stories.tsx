import { ApprovalCard, type GivenCardProps } from "@holdpoint/react";
import { approvalFixture, people } from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect, fn, within } from "storybook/test";
import { besideMargins } from "./beside-margins.tsx";
import { expectNoOverflow, onScreen } from "./screen.ts";

/** Forms of a card that hold lists. */
const meta: Meta<GivenCardProps> = {
  title: "Card/Forms",
  component: ApprovalCard,
  decorators: [besideMargins],
  args: {
    viewer: people.jo,
    onRespond: fn(),
    approval: approvalFixture({
      title: "Which labels does the campaign get?",
      kind: "question",
      form: {
        type: "object",
        properties: {
          tags: { type: "array", items: { type: "string", minLength: 2 }, minItems: 1 },
          markets: { type: "array", items: { type: "string", title: "Market" } },
          regions: { type: "array", items: { type: "string", enum: ["North", "South"] } },
          limits: {
            type: "array",
            items: { type: "object", properties: { amount: { type: "number" }, urgent: { type: "boolean" } } },
          },
        },
      },
    }),
  },
};

export default meta;
type Story = StoryObj<GivenCardProps>;

export const ListItems: Story = {
  play: async ({ canvas, userEvent }) => {
    for (const name of ["Tags", "Markets", "Regions", "Limits"]) {
      const list = within(await canvas.findByRole("group", { name }));
      await userEvent.click(list.getByRole("button", { name: "Add" }));
      if (name === "Tags") await userEvent.click(list.getByRole("button", { name: "Add" }));
    }
    const tags = within(canvas.getByRole("group", { name: "Tags" }));
    await userEvent.type(tags.getByRole("textbox", { name: "Item 1" }), "ok");
    await userEvent.type(tags.getByRole("textbox", { name: "Item 2" }), "x");
    await userEvent.click(canvas.getByRole("button", { name: "Send answer" }));
    await expect(await canvas.findByText("Item 2 must have at least 2 characters")).toBeVisible();
    await expect(canvas.getByRole("textbox", { name: "Market 1" })).toBeVisible();
    await expect(canvas.getByRole("radiogroup", { name: "Item 1" })).toBeVisible();
    const limit = within(canvas.getByRole("group", { name: "Limits" })).getByRole("group", { name: "Item 1" });
    await expect(within(limit).getByRole("checkbox", { name: "Urgent" })).toBeVisible();
    await expect(canvas.queryByText(/-\d/)).toBeNull();
    await expectNoOverflow();
  },
};

export const ListItemsOnAPhone: Story = { ...ListItems, ...onScreen(320, 720) };
