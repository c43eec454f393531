import { expect, test } from "vitest";
import { approvalRequestSchema } from "../approval/approval-request.ts";
import { parse } from "../json/parse.ts";
import { durationMs, durationOf } from "./duration.ts";
import { timeouts } from "./timeouts.ts";

test.each([
  [timeouts.autoReject("24h"), { timeout: "24h", onTimeout: "reject" }],
  [timeouts.autoApprove("15m"), { timeout: "15m", onTimeout: "approve" }],
  [
    timeouts.escalate("4h", { groups: ["leads"] }),
    { ladder: [{ after: "4h", escalate: { groups: ["leads"] } }], timeout: "8h" },
  ],
  [
    timeouts.escalate("24h", { users: ["bo"], replace: true, wait: "90m" }),
    { ladder: [{ after: "24h", escalate: { users: ["bo"], replace: true } }], timeout: "1d1h30m" },
  ],
  [timeouts.askAgain("24h"), { ladder: [{ after: "1d", remind: true }], timeout: "2d" }],
  [
    timeouts.askAgain("90m", { times: 2 }),
    {
      ladder: [
        { after: "1h30m", remind: true },
        { after: "3h", remind: true },
      ],
      timeout: "4h30m",
    },
  ],
])("a recipe is a part of a request: %j", (recipe, expected) => {
  expect(parse(approvalRequestSchema, { title: "T", ...recipe })).toEqual({ title: "T", ...expected });
});

test.each([1, 999, 1_000, 61_001, 86_400_000, 93_784_005])("%i ms are written as a duration of just as many", (ms) => {
  expect(durationMs(durationOf(ms))).toBe(ms);
});
