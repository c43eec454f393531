import { type JsonSchema, jsonSchemaErrors, type Viewer } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { startTestHoldpoint } from "../testing.ts";
import { checkJson } from "./check-json.ts";

const mia: Viewer = { id: "mia", tenantId: "default", groups: [], role: "reviewer" };

/** Fits no text that ends in "!", and doubles the time for every letter before it: ten seconds and more for thirty. */
const backtracking: JsonSchema = { type: "string", pattern: "^(a+)+$" };
const endless = `${"a".repeat(30)}!`;

/** Definitions that each stand for two of the next: four million of the last. */
const doubling: JsonSchema = {
  $ref: "#/$defs/d0",
  $defs: Object.fromEntries(
    Array.from({ length: 23 }, (_, i): [string, JsonSchema] => {
      const next = { $ref: `#/$defs/d${i + 1}` };
      return [`d${i}`, i < 22 ? { allOf: [next, next] } : { type: "string" }];
    }),
  ),
};

const tooLong = "takes too long to check against its schema";

describe("checking JSON from outside", () => {
  test.each([
    ["a pattern that backtracks", backtracking, endless],
    ["a schema that doubles itself", doubling, "short"],
  ])("%s is given up", (_, schema, value) => {
    expect(checkJson(schema, value)).toEqual([{ pointer: "", message: expect.stringContaining(tooLong) }]);
    expect(checkJson({ type: "string" }, "fits")).toEqual([]);
  });

  test("a pattern that backtracks where an edit is looked at for fields that it can't change is given up", () => {
    const schema = { if: true, else: { patternProperties: { "^(a+)+$": {} } } };
    expect(checkJson(schema, {}, { [endless]: 1 })).toMatchObject([{ message: expect.stringContaining(tooLong) }]);
  });

  test("whatever ends in time has the result that it has without a limit", () => {
    const schema = { type: "object", properties: { to: backtracking }, required: ["from"] };
    expect(checkJson(schema, { to: "b" })).toEqual(jsonSchemaErrors(schema, { to: "b" }));
    expect(checkJson(schema, { to: "a", from: 1 })).toEqual([]);
    const unusable = { $ref: "#/$defs/missing" };
    expect(() => checkJson(unusable, 1)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });

  test("a request, an edit and an answer that take too long are refused by field", async () => {
    await using server = await startTestHoldpoint();
    const { approvals } = server.holdpoint;
    const schema = { type: "object", properties: { code: backtracking } };
    const ask = (code: string) =>
      approvals.request({
        title: "Use code",
        allow: ["approve", "edit"],
        action: { name: "use", args: { code }, schema },
      });

    const slow = { code: "invalid_args", message: expect.stringContaining(tooLong) };
    await expect(ask(endless)).rejects.toMatchObject({ ...slow, details: [{ pointer: "/action/args" }] });

    const { id, digest } = await ask("aaa");
    const edit = approvals.as(mia).respond(id, { type: "edit", digest, args: { code: endless } });
    await expect(edit).rejects.toMatchObject(slow);
    expect(await approvals.get(id)).toMatchObject({ status: "pending", decisions: [] });

    const question = await approvals.request({ kind: "question", title: "Which code?", form: schema });
    const answer = { type: "answer", digest: question.digest, answer: { code: endless } } as const;
    await expect(approvals.as(mia).respond(question.id, answer)).rejects.toMatchObject(slow);
  });
});
