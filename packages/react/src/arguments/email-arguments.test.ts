import { expect, test } from "vitest";
import { emailArguments } from "./email-arguments.ts";

const email = { to: ["ana@casaolmo.example"], subject: "Terrace", body: "Hi Ana" };

test("arguments with a recipient, a subject and a body are an email", () => {
  expect(emailArguments(email)?.email).toEqual({ ...email, from: undefined, cc: undefined });
});

test("what else they say is kept apart and not dropped", () => {
  expect(emailArguments({ ...email, trackOpens: true })?.rest).toEqual({ trackOpens: true });
});

test("arguments of other shapes are no email", () => {
  for (const args of [null, [email], { ...email, body: 1 }, { ...email, to: [1] }, { ...email, cc: {} }, { to: "a" }]) {
    expect(emailArguments(args)).toBeUndefined();
  }
});
