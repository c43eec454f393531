import { Interrupt, workflow } from "@holdpoint/core";

/** Releases a version once somebody has agreed, who is told where their team talks. */
export const release = workflow("release")
  .version(1)
  .define(async (run, { version }: { version: string }) => {
    if (!run.approved) {
      return Interrupt.approval({
        message: `Release ${version}?`,
        destination: { type: "slack", channelId: "C042RELEASES" },
      });
    }
    return run.step("release", () => `Released ${version}`);
  });
