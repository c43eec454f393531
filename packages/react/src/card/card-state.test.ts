import { type Approval, HoldpointError } from "@holdpoint/core";
import { expect, test } from "vitest";
import { type CardFacts, cardState, isOpen } from "./card-state.ts";

const approval = { kind: "approval", status: "pending" } as Approval;
const facts: CardFacts = {
  approval,
  ability: { allow: ["approve", "reject"], waiting: false },
  offline: false,
  editing: false,
  changed: false,
};
const failed = (code: HoldpointError["code"]) => ({ ...facts, error: new HoldpointError(code, "") });

test("a pending approval is pending, and a question is being answered", () => {
  expect(cardState(facts)).toBe("pending");
  expect(cardState({ ...facts, approval: { ...approval, kind: "question" } })).toBe("answering");
  expect(cardState({ ...facts, editing: true })).toBe("editing");
});

test("a response under way outweighs everything else", () => {
  expect(cardState({ ...failed("internal"), pending: { approved: true }, offline: true })).toBe("submitting");
});

test("an approval that has ended shows how, also while the answer to a response is awaited", () => {
  const ended = { ...approval, status: "approved" as const };
  expect(cardState({ ...facts, approval: ended, pending: { approved: true } })).toBe("approved");
});

test("losing a race is a conflict, also before the outcome has arrived", () => {
  expect(cardState(failed("already_resolved"))).toBe("conflict");
  expect(cardState({ ...failed("already_resolved"), approval: { ...approval, status: "approved" } })).toBe("conflict");
});

test("an ended approval shows how it ended, offline too", () => {
  for (const status of ["approved", "rejected", "answered", "timed_out", "cancelled"] as const) {
    expect(cardState({ ...facts, approval: { ...approval, status }, offline: true })).toBe(status);
  }
});

test("what has changed since it was opened can't be decided before another look", () => {
  expect(cardState({ ...facts, changed: true })).toBe("changed");
  expect(cardState(failed("digest_mismatch"))).toBe("changed");
  expect(isOpen("changed")).toBe(false);
});

test("who may not decide is blocked, whether the kit knew or the server said so", () => {
  const blocked = { code: "not_a_reviewer" as const, message: "" };
  expect(cardState({ ...facts, ability: { allow: [], waiting: false, blocked } })).toBe("blocked");
  expect(cardState(failed("self_approval"))).toBe("blocked");
});

test("a failed try leaves the card open for another, and being offline doesn't", () => {
  expect(cardState(failed("unavailable"))).toBe("error");
  expect(isOpen("error")).toBe(true);
  expect(cardState({ ...facts, offline: true })).toBe("offline");
  expect(isOpen("offline")).toBe(false);
});

test("who has approved waits for the others", () => {
  expect(cardState({ ...facts, ability: { allow: ["reject"], waiting: true } })).toBe("waiting");
});
