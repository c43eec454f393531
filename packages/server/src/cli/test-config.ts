import { workflow } from "@holdpoint/core";

/** Says on stdout when its step begins and ends, so that a test can stop the server in between. */
const slow = workflow("slow", { version: 1 }, async (run, _input: object) => {
  await run.step("work", async () => {
    process.stdout.write("step begins\n");
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.stdout.write("step ends\n");
  });
  const { approved } = await run.approval("go", { title: "Go on?" });
  return { approved };
});

export default { workflows: [slow] };
