import { fakeTransportOf, holdpointDecorator, holdpointLoader, people, refund } from "@holdpoint/react/testing";
import type { Meta, StoryObj } from "@storybook/react-vite";
import { expect } from "storybook/test";
import { WaitingForMe } from "./waiting-for-me.tsx";

const meta = {
  title: "Examples/A story of one’s own",
  component: WaitingForMe,
  loaders: [holdpointLoader],
  decorators: [holdpointDecorator],
  parameters: { holdpoint: { seeds: [{ request: refund, age: "6m" }] } },
} satisfies Meta<typeof WaitingForMe>;

export default meta;

export const ColleagueDecides: StoryObj<typeof meta> = {
  play: async (context) => {
    const server = fakeTransportOf(context);
    await expect(await context.canvas.findByText("Waiting for me: 1")).toBeVisible();
    const { id } = await server.find("Refund");
    await server.decideAs(people.mia, id, { type: "reject", comment: "Found again" });
    await expect(await context.canvas.findByText("Waiting for me: 0")).toBeVisible();
  },
};
