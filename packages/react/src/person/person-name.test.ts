import { expect, test } from "vitest";
import { hueOf, initials, personName } from "./person-name.ts";

test("people are called by their name, and by their id without one", () => {
  expect(personName({ id: "u1", name: "Ana Ruiz" })).toBe("Ana Ruiz");
  expect(personName({ id: "u1" })).toBe("u1");
});

test("a name that hides characters shows them", () => {
  expect(personName({ id: "u1", name: "Ana\u202e" })).toBe("Ana⟦U+202E⟧");
});

test("initials are the first letters of the first and the last word", () => {
  expect(["Ana Ruiz", "Kim", "José Luis de la Cruz", "leo@acme.example", "李雷", ""].map(initials)).toEqual([
    "AR",
    "K",
    "JC",
    "LE",
    "李",
    "",
  ]);
});

test("a person keeps their hue", () => {
  expect(hueOf("ana")).toBe(hueOf("ana"));
  expect(new Set(["ana", "bo", "cy", "di", "ed", "flo", "gus", "hal"].map(hueOf)).size).toBeGreaterThan(2);
});
