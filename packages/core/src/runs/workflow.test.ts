import { expectTypeOf, test } from "vitest";
import * as z from "zod";
import type { Json } from "../json/json.ts";
import { NotApprovedError } from "./not-approved-error.ts";
import { type RunContext, workflow } from "./workflow.ts";

const child = workflow("child", { version: 1 }, async (_run, input: { to: string }) => ({ sent: input.to }));

test("an invocation takes what the workflow takes that it names by definition", () => {
  const invoking = async (run: RunContext, maybe: { to?: string }, unread: unknown) => {
    const { sent } = await run.invoke("right", child, { input: { to: "ana" } });
    expectTypeOf(sent).toEqualTypeOf<string>();
    // @ts-expect-error it takes an object
    await run.invoke("null", child, { input: null });
    // @ts-expect-error its `to` is wanted
    await run.invoke("optional", child, { input: maybe });
    // @ts-expect-error its `to` is wanted here too
    await run.invoke("wrapped", { workflow: child }, { input: {} });
    // @ts-expect-error nobody knows what it is
    await run.invoke("unknown", child, { input: unread });
  };
  expectTypeOf(invoking).returns.resolves.toBeVoid();
});

test("an invocation by name takes anything, and gives JSON unless it says what", () => {
  interface Order {
    id: string;
  }
  const invoking = async (run: RunContext, order: Order, json: Json) => {
    const output = await run.invoke("order", "child", { input: order });
    expectTypeOf(output).toEqualTypeOf<Json>();
    await run.invoke("json", { workflow: "child", version: 1 }, { input: json });
    const text = await run.invoke<Order, string>("typed", "child", { input: order });
    expectTypeOf(text).toEqualTypeOf<string>();
  };
  expectTypeOf(invoking).returns.resolves.toBeVoid();
});

test("a handler takes what the schema of its workflow gives", () => {
  const input = z.object({ id: z.number() });
  const version = workflow("schema").version(1, { input });
  const defined = version.define(async (_run, { id }) => id);
  expectTypeOf(defined.handler).parameter(1).toEqualTypeOf<{ id: number }>();
  version.define(async (_run, wider: { id: number | string }) => wider.id);
  // @ts-expect-error the schema strips `secret`
  version.define(async (_run, more: { id: number; secret: string }) => more.secret);
  const free = workflow("free")
    .version(1)
    .define(async (_run, { to }: { to: string }) => to);
  expectTypeOf(free.handler).parameter(1).toEqualTypeOf<{ to: string }>();
});

test("a review has arguments when its gate has an action", () => {
  const asking = async (run: RunContext) => {
    const plain = await run.approval("plain", { title: "Go on?" });
    if (plain.approved) expectTypeOf(plain.args).toEqualTypeOf<undefined>();
    const acting = await run.approval("acting", { title: "Pay?", action: { name: "pay", args: { cents: 1 } } });
    if (acting.approved) expectTypeOf(acting.args).toEqualTypeOf<{ cents: number }>();
    await acting.execute(({ cents }) => cents);
  };
  expectTypeOf(asking).returns.resolves.toBeVoid();
});

test("a run can be closed by a question that nobody has answered, and not by one that somebody has", () => {
  const asking = async (run: RunContext) => {
    const answered = await run.question<string>("ask", { title: "Which?" });
    if (answered.status === "timed_out") throw new NotApprovedError(answered);
    if (answered.status !== "answered") throw new NotApprovedError(answered);
    // @ts-expect-error there is an answer
    throw new NotApprovedError(answered);
  };
  const reviewing = async (run: RunContext) => {
    const review = await run.approval("ask", { title: "Go on?" });
    if (!review.approved) throw new NotApprovedError(review);
    // @ts-expect-error it was approved
    throw new NotApprovedError(review);
  };
  expectTypeOf(asking).returns.resolves.toBeNever();
  expectTypeOf(reviewing).returns.resolves.toBeNever();
});
