import { StepError } from "@holdpoint/core";
import { expect, test } from "vitest";
import { runFailure } from "./run-failure.ts";

test("errors that are each other's causes are looked at once each", () => {
  const all = new AggregateError([], "All of it");
  const failures = Array.from({ length: 20 }, () => new AggregateError([all, all, all], "Some of it", { cause: all }));
  all.errors.push(...failures, new StepError("send", "The line is dead"));
  all.cause = all;
  expect(runFailure(all, [])).toEqual({ name: "AggregateError", message: "All of it", steps: ["send"] });
});

test("the steps that an error failed with are found among its errors and in its cause", () => {
  const cause = new StepError("draft", "No ink");
  const both = new AggregateError([new StepError("send", "The line is dead")], "Both failed", { cause });
  expect(runFailure(both, ["given"])).toMatchObject({ steps: ["send", "draft"] });
});
