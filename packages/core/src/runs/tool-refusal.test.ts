import { expect, test } from "vitest";
import { argumentsFailure, toolRefusal } from "./tool-refusal.ts";

test.each([
  ["rejected", "Too pushy", "A reviewer rejected send_email: Too pushy."],
  ["rejected", "Too pushy!", "A reviewer rejected send_email: Too pushy! It was not executed."],
  ["rejected", "Not now.", "A reviewer rejected send_email: Not now. It was not executed."],
  ["rejected", undefined, "A reviewer rejected send_email: No reason provided."],
  ["timed_out", undefined, "Nobody approved send_email in time."],
  ["cancelled", "The order is closed", "The request to approve send_email was withdrawn."],
] as const)(
  "A9: the model is told that a call was %s (%s), and to choose a different approach",
  (status, reason, text) => {
    const refusal = toolRefusal("send_email", { status, reason });
    expect(refusal.status).toBe(status);
    expect(refusal.message.startsWith(text)).toBe(true);
    expect(refusal.message).toContain("choose a different approach");
  },
);

test.each(["to is required", "to is required."])(
  "what is wrong with arguments ends with one full stop: %s",
  (problem) => {
    expect(argumentsFailure("send_email", problem)).toEqual({
      error: "The arguments of send_email can't be used: to is required.",
    });
  },
);
