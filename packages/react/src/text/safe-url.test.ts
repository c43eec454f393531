import { expect, test } from "vitest";
import { safeUrl } from "./safe-url.ts";

test("web addresses may be opened", () => {
  expect(safeUrl("https://acme.example/runs/1?x=1#y")?.host).toBe("acme.example");
  expect(safeUrl("http://acme.example")?.protocol).toBe("http:");
});

test("nothing else may", () => {
  for (const url of [
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "data:text/html,x",
    "//acme.example",
    "/runs",
    "",
    null,
  ]) {
    expect(safeUrl(url)).toBeUndefined();
  }
});
