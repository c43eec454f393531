import { expect, test } from "vitest";
import { type SequenceContext, sequence } from "./sequence.ts";
import type { Workflow } from "./workflow.ts";

interface Draft {
  to: string;
  subject: string;
  body: string;
}

const research = { name: "research", run: ({ input }: SequenceContext<{ name: string }>) => ({ fact: input.name }) };
const draft = {
  name: "draft",
  type: "email",
  run: async ({ previous }: SequenceContext<unknown, { fact: string }>): Promise<Draft> => ({
    to: "ana@casaolmo.example",
    subject: previous.fact,
    body: "Hello",
  }),
};

test("takes its input from the first step and gives the last one's output", () => {
  const both: Workflow<{ name: string }, Draft> = sequence("outreach", [research, draft]);
  expect(both).toMatchObject({ name: "outreach", version: 1 });
  expect(sequence("outreach", [research], { version: 3 }).version).toBe(3);
});

test("a step that doesn't take what the one before gives fails to compile", () => {
  const send = { name: "send", run: ({ previous }: SequenceContext<unknown, { address: string }>) => previous.address };
  // @ts-expect-error a draft has no address
  sequence("outreach", [research, draft, send]);
  sequence("outreach", [research, { name: "any", run: ({ previous }) => previous }]);
});

test("two steps can't have one name, nor one the name of another's gate", () => {
  expect(() => sequence("outreach", [research, { ...research }])).toThrow('two steps called "research"');
  const gate = { name: "approve research", run: () => 1 };
  expect(() => sequence("outreach", [research, gate])).toThrow('two steps called "approve research"');
});

test("D1: a flag whose list of approvers is empty is refused, instead of letting everybody decide", () => {
  const flagged = { ...research, next: { conditions: { approvalRequired: true, approvers: [] } } };
  expect(() => sequence("outreach", [flagged])).toThrow('approvers of step "research" is empty');
});
