import { type RunContext, type Workflow, workflow } from "@holdpoint/core";
import { type ModelMessage, type ToolResultPart, type ToolSet, tool } from "ai";
import { z } from "zod";
import { senderAddress } from "../companies.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Assistant, AssistantCall } from "../model/assistant.ts";
import type { Customers } from "../records/customers.ts";

/** What starting a tool loop takes. */
export const toolLoopInput = z.strictObject({
  task: z.string().trim().min(1, "Say what the assistant should do.").max(2_000),
});

/** What the assistant's tools work with. */
export interface ToolLoopTools {
  assistant: Assistant;
  customers: Customers;
  mailer: Mailer;
}

/** How a tool loop ends. */
export type ToolLoopResult =
  | { status: "completed"; answer: string; iterations: number }
  | { status: "max_iterations_reached" };

const maxIterations = 20;

/**
 * An agent loop: the model thinks in a step, its tool calls are made, and their results go back to it. Tools that reach
 * people outside ask for an approval, call by call; the model is told when one isn't given and looks for another way.
 */
export function toolLoop(office: ToolLoopTools): Workflow<z.infer<typeof toolLoopInput>, ToolLoopResult> {
  return workflow("tool-loop", { version: 1, input: toolLoopInput }, async (run, { task }) => {
    const tools = run.gateTools(toolsOf(office, run), {
      require: ["send_email"],
      request: () => ({
        title: "Send the assistant's email?",
        labels: { approve: "Send email" },
        requestedBy: { id: "assistant", name: "Assistant", kind: "agent" },
        // What is reviewed is the assistant's work, so who gave it the task may decide.
        selfApproval: true,
        timeout: "24h",
      }),
    });
    const messages: ModelMessage[] = [{ role: "user", content: task }];
    for (let iteration = 1; iteration <= maxIterations; iteration++) {
      const turn = await run.step("think", ({ signal }) => office.assistant.think(messages, tools, signal));
      if (turn.calls.length === 0) return { status: "completed", answer: turn.text, iterations: iteration };
      const results = await Promise.all(turn.calls.map((call) => callTool(tools, call)));
      messages.push(
        { role: "assistant", content: turn.calls.map((call) => ({ type: "tool-call", ...call })) },
        { role: "tool", content: results },
      );
    }
    return { status: "max_iterations_reached" };
  });
}

/** What the assistant can do. */
function toolsOf({ customers, mailer }: ToolLoopTools, run: RunContext) {
  return {
    find_customer: tool({
      description: "Finds the customer that a text is about.",
      inputSchema: z.object({ query: z.string() }),
      execute: ({ query }) => findCustomer(customers.list(run.tenantId), query) ?? "There is no such customer.",
    }),
    send_email: tool({
      description: "Sends an email.",
      inputSchema: z.object({
        to: z.email(),
        subject: z
          .string()
          .min(1)
          .max(150)
          .regex(/^[^\r\n]*$/),
        body: z.string().min(1).max(10_000),
      }),
      async execute(mail, options) {
        const { idempotencyKey } = options as typeof options & { idempotencyKey: string };
        await mailer.send({ from: senderAddress(run.tenantId, run.owner), ...mail }, idempotencyKey);
        return { status: "sent" };
      },
    }),
    add_note: tool({
      description: "Leaves a note for the team.",
      inputSchema: z.object({ text: z.string().min(1).max(2_000) }),
      execute: ({ text }) => ({ status: "noted", text }),
    }),
  } satisfies ToolSet;
}

function findCustomer<Customer extends { name: string }>(all: readonly Customer[], text: string): Customer | undefined {
  return all.find(({ name }) => text.toLowerCase().includes(name.toLowerCase()));
}

async function callTool(tools: ToolSet, call: AssistantCall): Promise<ToolResultPart> {
  const { toolCallId, toolName, input, problem } = call;
  const execute = tools[toolName]?.execute as ((input: unknown, call: object) => unknown) | undefined;
  const result =
    problem === undefined && execute ? await execute(input, { toolCallId }) : { error: problem ?? "No such tool." };
  return {
    type: "tool-result",
    toolCallId,
    toolName,
    output: { type: "json", value: JSON.parse(JSON.stringify(result ?? null)) },
  };
}
