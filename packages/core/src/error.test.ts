import { expect, test } from "vitest";
import { HoldpointError } from "./error.ts";
import type { Json } from "./json/json.ts";

const invalid = [{ pointer: "/title", message: "is required" }];

test.each(["invalid_request", "invalid_args"] as const)("%s says what is wrong with each field", (code) => {
  expect(new HoldpointError(code, "title: is required.", invalid).fieldErrors).toEqual(invalid);
});

test.each<[string, Json | undefined]>([
  ["no details", undefined],
  ["details that are not a list", { pointer: "/title", message: "is required" }],
  ["entries of another shape", [null, "title", { pointer: "/title" }, { pointer: 1, message: "is required" }]],
])("an error with %s names no field", (_, details) => {
  expect(new HoldpointError("invalid_request", "It is wrong.", details).fieldErrors).toEqual([]);
});

test("an error of another code names no field, whatever its details are", () => {
  expect(new HoldpointError("unavailable", "Try again.", invalid).fieldErrors).toEqual([]);
});
