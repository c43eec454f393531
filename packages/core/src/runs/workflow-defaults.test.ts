import { expect, test } from "vitest";
import type { ApprovalRequest } from "../approval/approval-request.ts";
import type { GateTimeout, WorkflowDefaults } from "./workflow.ts";
import { withDefaults } from "./workflow-defaults.ts";

const rung = (after: string) => ({ after, remind: true }) as const;
const hours = { timeZone: "UTC", days: [1], from: "09:00", to: "17:00" };
const defaults: WorkflowDefaults = {
  ladder: [rung("1h"), rung("2h")],
  timeout: "4h",
  onTimeout: "approve",
  businessHours: hours,
};

test.each<
  [what: string, request: Omit<Partial<ApprovalRequest>, "timeout"> & GateTimeout, expected: Partial<ApprovalRequest>]
>([
  ["takes all defaults where it says nothing", {}, defaults],
  ["takes them where it says undefined", { timeout: undefined, ladder: undefined }, defaults],
  [
    "has its own values",
    { timeout: "9h", onTimeout: "reject", ladder: [] },
    { timeout: "9h", onTimeout: "reject", ladder: [], businessHours: hours },
  ],
  [
    "waits for ever where it says so, and keeps the default rungs",
    { timeout: null },
    { ladder: defaults.ladder, businessHours: hours },
  ],
  [
    "has no default rungs after its own timeout",
    { timeout: "2h" },
    { ...defaults, timeout: "2h", ladder: [rung("1h")] },
  ],
  [
    "is not answered by a default yes when it is a question",
    { kind: "question" },
    { ...defaults, kind: "question", onTimeout: undefined },
  ],
])("a gate %s", (_what, request, expected) => {
  expect(withDefaults(request, defaults)).toEqual(expected);
});

test("a gate that waits for ever takes no onTimeout", () => {
  expect(withDefaults({ title: "T" }, { onTimeout: "reject" })).toEqual({ title: "T" });
  expect(withDefaults({ title: "T" })).toEqual({ title: "T" });
});
