import type { Approval } from "@holdpoint/core";
import { afterEach, expect, test } from "vitest";
import type { Script, ScriptedCall } from "../model/scripted-model.ts";
import { openTestOffice, type TestOffice } from "./test-office.ts";

let acme: TestOffice;

afterEach(() => acme[Symbol.asyncDispose]());

/** Opens the office with a model that makes these calls, turn by turn, and then says "Done." */
async function withTurns(...turns: ScriptedCall[][]): Promise<string> {
  const script: Script = (messages) => {
    const calls = turns[messages.filter(({ role }) => role === "assistant").length];
    return calls ? { calls } : { text: "Done." };
  };
  return start(script);
}

async function start(script?: Script): Promise<string> {
  acme = await openTestOffice(script && { script });
  const { id } = await acme
    .runs("sam")
    .start({ workflow: "tool-loop", input: { task: "Tell Casa Olmo about Friday." } });
  return id;
}

const mail = (to: string, id?: string): ScriptedCall => ({
  ...(id !== undefined && { id }),
  name: "send_email",
  args: { to, subject: "Friday", body: "See you on Friday." },
});

/** What the model was last told of its calls, by their ids. */
function toldModel(): Record<string, string> {
  const messages = acme.modelRequests.at(-1)?.messages ?? [];
  return Object.fromEntries(
    messages.flatMap((each) => (each.role === "tool" ? [[each.tool_call_id, each.content]] : [])),
  );
}

const approve = ({ id, digest }: Approval) => acme.approvals("mia").respond(id, { type: "approve", digest });
const sentTo = async () => (await acme.office.archive.sentFrom("acme.example")).flatMap(({ to }) => to).sort();

test("A9: tools on the list are gated, others run freely", async () => {
  const runId = await start();
  const approval = await acme.pending("mia");
  expect(approval.action).toMatchObject({ name: "send_email", args: { to: "ana@casaolmo.example" } });
  const steps = (await acme.runs("sam").get(runId)).steps ?? [];
  expect(steps.map(({ name, status }) => `${name}: ${status}`)).toEqual([
    "think: completed",
    "find_customer call_1_1: completed",
    "think#2: completed",
    "send_email call_2_1: waiting",
  ]);
  await approve(approval);
  expect((await acme.ended("sam", runId)).output).toEqual({
    status: "completed",
    answer: "I wrote to Casa Olmo.",
    iterations: 3,
  });
  expect(await sentTo()).toEqual(["ana@casaolmo.example"]);
});

test("A9: rejected, the model gets the reason, is told to choose another approach, and does", async () => {
  const runId = await start();
  const { id } = await acme.pending("mia");
  await acme.approvals("mia").respond(id, { approved: false, reason: "Call them instead" });
  expect((await acme.ended("sam", runId)).output).toMatchObject({
    status: "completed",
    answer: "I did not write, and left a note instead.",
  });
  expect(JSON.parse(toldModel().call_2_1 ?? "")).toMatchObject({
    status: "rejected",
    reason: "Call them instead",
    message: expect.stringContaining("choose a different approach"),
  });
  expect(await sentTo()).toEqual([]);
});

test("A9: timed out, the model is told that nobody answered, and goes on", async () => {
  const runId = await start();
  await acme.pending("mia");
  acme.advance("24h");
  expect((await acme.ended("sam", runId)).output).toMatchObject({ status: "completed" });
  expect(JSON.parse(toldModel().call_2_1 ?? "")).toMatchObject({ status: "timed_out" });
  expect(await sentTo()).toEqual([]);
});

test("A9: edited, the edited arguments are what is executed", async () => {
  const runId = await start();
  const { id, digest, action } = await acme.pending("mia");
  const args = { ...(action?.args as object), to: "bo@casaolmo.example" };
  await acme.approvals("mia").respond(id, { type: "edit", digest, args });
  await acme.ended("sam", runId);
  expect(await sentTo()).toEqual(["bo@casaolmo.example"]);
});

test("A9: two calls of one tool in one turn each get their own approval", async () => {
  const runId = await withTurns([mail("ana@casaolmo.example"), mail("office@nordwind.example")]);
  const both = await acme.pendingOf("mia", 2);
  const toAna = both.find(({ action }) => JSON.stringify(action).includes("ana@"));
  const toOffice = both.find(({ action }) => JSON.stringify(action).includes("office@"));
  await acme.approvals("mia").respond(toAna?.id ?? "", { approved: false, reason: "Not Ana" });
  await approve(toOffice as Approval);
  expect((await acme.ended("sam", runId)).output).toMatchObject({ status: "completed", iterations: 2 });
  expect(toldModel()).toEqual({
    call_1_1: expect.stringContaining("Not Ana"),
    call_1_2: JSON.stringify({ status: "sent" }),
  });
  expect(await sentTo()).toEqual(["office@nordwind.example"]);
});

test("A9: a model that uses one id for several calls gets an approval for each all the same", async () => {
  const runId = await withTurns([mail("a@x.example", "call_0")], [mail("b@x.example", "call_0")]);
  await approve(await acme.pending("mia"));
  await approve(await acme.pending("mia"));
  await acme.ended("sam", runId);
  expect(await sentTo()).toEqual(["a@x.example", "b@x.example"]);
});

test("A9: after twenty iterations it ends with max_iterations_reached", async () => {
  const runId = await start(() => ({ calls: [{ name: "add_note", args: { text: "Still here." } }] }));
  expect((await acme.ended("sam", runId)).output).toEqual({ status: "max_iterations_reached" });
  expect(acme.modelRequests).toHaveLength(20);
});

test("a tool that isn't there, and arguments that don't fit, are told to the model; nobody is asked", async () => {
  const runId = await withTurns([
    { name: "delete_everything", args: {} },
    { name: "send_email", args: { to: "nobody" } },
  ]);
  expect((await acme.ended("sam", runId)).output).toMatchObject({ status: "completed" });
  expect(Object.values(toldModel())).toEqual([expect.stringContaining("error"), expect.stringContaining("error")]);
  expect((await acme.approvals("kim").list()).items).toEqual([]);
});

test("what the model said is recorded: while a person decides it isn't asked again", async () => {
  const runId = await start();
  const approval = await acme.pending("mia");
  expect(acme.modelRequests).toHaveLength(2);
  await approve(approval);
  await acme.ended("sam", runId);
  expect(acme.modelRequests).toHaveLength(3);
});
