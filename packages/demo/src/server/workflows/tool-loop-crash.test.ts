import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Run } from "@holdpoint/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openMailArchive } from "../mail/mail-archive.ts";
import { type Script, type ScriptedCall, type ScriptedModel, startScriptedModel } from "../model/scripted-model.ts";
import type { OfficeTask } from "./test-office-process.ts";

const script = fileURLToPath(new URL("test-office-process.ts", import.meta.url));

let folder: string;
let model: ScriptedModel;
let office: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "acme-crash-"));
});

afterEach(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

const mail = (to: string): ScriptedCall => ({
  name: "send_email",
  args: { to, subject: "Friday", body: "We are closed." },
});
const turns = [[mail("ana@casaolmo.example"), mail("office@nordwind.example")], [mail("post@fjordsons.example")]];

/** Starts the office's process; gives the run once it has ended, or undefined when it was killed. */
async function work(): Promise<Run | undefined> {
  const task: OfficeTask = { folder, modelUrl: model.settings.url, task: "Tell everyone." };
  office = spawn(process.execPath, ["--conditions=@holdpoint/source", script, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(office, "close");
  const output = office.stdout ? await text(office.stdout) : "";
  const [code] = await closed;
  return code === 0 ? (JSON.parse(output) as Run) : undefined;
}

/** A model that has the office's process killed while it is asked for a turn for the first time. */
function killingAt(...killed: number[]): Script {
  const left = new Set(killed);
  return (messages) => {
    const turn = messages.filter(({ role }) => role === "assistant").length + 1;
    if (left.delete(turn)) office?.kill("SIGKILL");
    const calls = turns[turn - 1];
    return calls ? { calls } : { text: "Everyone knows." };
  };
}

test("A9: killed in the middle of iterations, the loop goes on exactly there: no turn and no mail twice", {
  timeout: 120_000,
}, async () => {
  model = await startScriptedModel(killingAt(1, 2, 3));
  expect(await work()).toBeUndefined();
  expect(await work()).toBeUndefined();
  expect(await work()).toBeUndefined();
  const run = await work();
  expect(run?.output).toEqual({ status: "completed", answer: "Everyone knows.", iterations: 3 });
  const asked = model.requests.map(({ messages }) => messages.filter(({ role }) => role === "assistant").length + 1);
  expect(asked).toEqual([1, 1, 2, 2, 3, 3]);
  expect(run?.steps?.filter(({ kind }) => kind === "approval")).toHaveLength(3);
  const sent = await (await openMailArchive(join(folder, "mail"))).sentFrom("acme.example");
  expect(sent.flatMap(({ to }) => to).sort()).toEqual([
    "ana@casaolmo.example",
    "office@nordwind.example",
    "post@fjordsons.example",
  ]);
});
