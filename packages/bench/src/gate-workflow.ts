import { type Workflow, workflow } from "@holdpoint/core";

/** What the benchmarks' runs ask for: an email of ordinary size. */
export const emailRequest = {
  title: "Send email to Ana Ruiz, Casa Olmo",
  action: {
    name: "send_email",
    args: {
      to: "ana@casaolmo.example",
      subject: "Your new terrace menu, and Friday evenings",
      body: "Hi Ana,\n\nI walked past Casa Olmo last week and saw the terrace is back. Would Tuesday at ten work for a call?\n\nJo",
    },
  },
  tags: ["bench"],
};

/** A run that waits at one gate and says when the line after it executes. */
export function gateWorkflow(resumed: (key: number, at: number) => void): Workflow<{ key: number }, string> {
  return workflow("gate", { version: 1 }, async (run, { key }) => {
    const review = await run.approval("send", emailRequest);
    resumed(key, performance.now());
    return review.status;
  });
}
