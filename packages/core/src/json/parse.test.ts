import { describe, expect, test } from "vitest";
import { approvalQuerySchema } from "../approval/approval-query.ts";
import { approvalRequestSchema } from "../approval/approval-request.ts";
import { respondInputSchema } from "../approval/decision.ts";
import { HoldpointError } from "../error.ts";
import { assertJsonDepth, parse } from "./parse.ts";

/** The message of the refusal, and the fields that its details point to. */
function refusal(call: () => unknown): { message: string; pointers: string[] } {
  try {
    call();
  } catch (error) {
    if (!(error instanceof HoldpointError)) throw error;
    expect(error.code).toBe("invalid_request");
    const details = error.details as { pointer: string }[];
    return { message: error.message, pointers: details.map(({ pointer }) => pointer) };
  }
  throw new Error("nothing was refused");
}

const request = (input: unknown) => () => parse(approvalRequestSchema, input);

const rung = (after: string) => ({ after, remind: true });
const office = { timeZone: "Europe/Berlin", days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" };
const zone = "/businessHours/timeZone";

describe("a refused request names", () => {
  test.each([
    [{}, "title: is required", "/title"],
    [{ title: 7 }, "title: must be a string", "/title"],
    [{ title: "x".repeat(201) }, "title: must be at most 200 characters long", "/title"],
    [{ title: "T", colour: "red" }, "colour: is not a known field", "/colour"],
    [{ title: "T", risk: "huge" }, 'risk: must be "low" or "medium" or "high" or "critical"', "/risk"],
    [{ title: "T", tags: Array(21).fill("t") }, "tags: must have at most 20 entries", "/tags"],
    [{ title: "T", timeout: "soon" }, "timeout: must be a duration", "/timeout"],
    [{ title: "T", onTimeout: "approve" }, 'onTimeout: needs a "timeout"', "/onTimeout"],
    [{ title: "T", content: [{ type: "email", to: "a" }] }, "content[0].subject: is required", "/content/0/subject"],
    [{ title: "T", content: [{ type: "video" }] }, "content[0].type: has an unknown type", "/content/0/type"],
    [
      { title: "T", content: [{ type: "link", url: "javascript:alert(1)", label: "L" }] },
      "content[0].url: must be an http or https URL",
      "/content/0/url",
    ],
    [{ title: "T", source: { engine: "e", url: "file:///etc" } }, "source.url: must be an http", "/source/url"],
    [{ title: "T", ladder: [{ after: "1h" }] }, "ladder[0].remind: is required", "/ladder/0/remind"],
    [{ title: "T", ladder: [{ after: "1h", escalate: {} }] }, "ladder[0].escalate: must name", "/ladder/0/escalate"],
    [
      { title: "T", ladder: [rung("1h"), rung("60m")] },
      "ladder[1].after: must not be the time of another rung",
      "/ladder/1/after",
    ],
    [
      { title: "T", ladder: [rung("1h"), rung("24h")], timeout: "1d" },
      "ladder[1].after: must be before the timeout (1d)",
      "/ladder/1/after",
    ],
    [{ title: "T", ladder: [rung("soon")], timeout: "later" }, "ladder[0].after: must be a duration", "/timeout"],
    [{ title: "T", ladder: [{ ...rung("1h"), at: "2026-01-01T00:00:00Z" }] }, "ladder[0].at: is not", "/ladder/0/at"],
    [{ title: "T", lease: "0s" }, 'lease: must be longer than "0ms"', "/lease"],
    [{ title: "T", businessHours: { ...office, timeZone: "Mars/Olympus" } }, "timeZone: must be a time zone", zone],
    [{ title: "T", businessHours: { ...office, timeZone: "+02:00" } }, "timeZone: must be a time zone", zone],
    [{ title: "T", businessHours: { ...office, days: [] } }, "days: must have at least one day", "/businessHours/days"],
    [{ title: "T", businessHours: { ...office, days: [0] } }, "days[0]: must be at least 1", "/businessHours/days/0"],
    [{ title: "T", businessHours: { ...office, to: "09:00" } }, 'to: must be after "from"', "/businessHours/to"],
    [{ title: "T", businessHours: { ...office, from: "9" } }, "from: must be a time of day", "/businessHours/from"],
    [
      { title: "T", businessHours: { ...office, holidays: ["2026-02-30"] } },
      "holidays[0]: ",
      "/businessHours/holidays/0",
    ],
    [{ title: "T", allow: ["edit"] }, 'allow[0]: "edit" needs an action', "/allow/0"],
    [{ title: "T", allow: ["answer"] }, `allow[0]: "answer" can't be given to an approval`, "/allow/0"],
    [{ title: "T", allow: ["reject"] }, "allow: must have a response other than reject", "/allow"],
    [{ title: "T", kind: "question", action: { name: "a", args: 1 } }, "action: goes only with", "/action"],
    [{ title: "T", form: { type: "string" } }, 'form: goes only with kind "question"', "/form"],
    [{ title: "T", reviewers: { quorum: "all" } }, 'reviewers.quorum: "all" needs', "/reviewers/quorum"],
    [
      { title: "T", stages: [{ users: ["a", "a"], quorum: 2 }] },
      "stages[0].quorum: must not be more",
      "/stages/0/quorum",
    ],
    [{ title: "T", stages: [], reviewers: {} }, 'reviewers: goes only without "stages"', "/reviewers"],
    [{ title: "T", metadata: { at: new Date() } }, "metadata.at: must be plain JSON", "/metadata/at"],
    [{ title: "T", metadata: [Number.NaN] }, "metadata[0]: must be a finite number", "/metadata/0"],
    [{ title: "a\0b" }, "title: must not contain the NUL character", "/title"],
    [{ title: "\ud800" }, "title: must not contain half a surrogate pair", "/title"],
    ["title", "request: must be an object", ""],
  ])("what is wrong with %j", (input, message, pointer) => {
    const refused = refusal(request(input));
    expect(refused.message).toContain(message);
    expect(refused.pointers).toContain(pointer);
  });

  test("three fields in the message and all of them in the details", () => {
    const refused = refusal(request({ title: 1, message: 2, key: 3, tags: 4, risk: 5 }));
    expect(refused.message).toMatch(/; and 2 more\.$/);
    expect(refused.pointers).toHaveLength(5);
  });

  test("reviewers that an escalation leaves too few for the quorum", () => {
    const ladder = [{ after: "1h", escalate: { users: ["cy"], replace: true } }];
    const refused = refusal(request({ title: "T", reviewers: { users: ["ana", "bo"], quorum: 2 }, ladder }));
    expect(refused.pointers).toEqual(["/ladder/0/escalate/users"]);
  });
});

describe("a response", () => {
  const digest = "0".repeat(64);

  test.each([
    [{ approved: true }],
    [{ approved: false, reason: "No" }],
    [{ type: "approve", digest }],
    [{ type: "edit", digest, args: null }],
    [{ type: "answer", digest, answer: false }],
  ])("can be %j", (input) => {
    expect(parse(respondInputSchema, input)).toEqual(input);
  });

  test.each([
    [{ type: "approve" }, "/digest"],
    [{ type: "approve", digest: "" }, "/digest"],
    [{ type: "shout", digest }, "/type"],
    [{ type: "edit", digest }, "/args"],
    [{ type: "approve", digest, args: {} }, "/args"],
    [{ type: "reject", digest, answer: 1 }, "/answer"],
    [{ type: "approve", digest, colour: 1 }, "/colour"],
    [{ approved: "yes" }, "/approved"],
    [{ approved: true, comment: "C" }, "/comment"],
  ])("can't be %j", (input, pointer) => {
    expect(refusal(() => parse(respondInputSchema, input)).pointers).toEqual([pointer]);
  });
});

describe("a query", () => {
  test("may come as text, comma lists and repeated names", () => {
    expect(parse(approvalQuerySchema, { status: "pending,approved", risk: ["high", "low"], limit: "7" })).toEqual({
      status: ["pending", "approved"],
      risk: ["high", "low"],
      limit: 7,
    });
  });

  test.each([
    [{ limit: "0" }, "/limit"],
    [{ limit: "201" }, "/limit"],
    [{ limit: "ten" }, "/limit"],
    [{ limit: "" }, "/limit"],
    [{ status: "open" }, "/status/0"],
    [{ sort: "title" }, "/sort"],
    [{ assignee: "ana" }, "/assignee"],
    [{ page: "2" }, "/page"],
  ])("can't be %j", (query, pointer) => {
    expect(refusal(() => parse(approvalQuerySchema, query)).pointers).toEqual([pointer]);
  });
});

describe("depth", () => {
  const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;

  test("of 32 levels is taken, one more is refused", () => {
    expect(() => assertJsonDepth(nested(32))).not.toThrow();
    expect(() => assertJsonDepth(nested(33))).toThrow("nested deeper than 32 levels");
  });

  test("of a hundred thousand levels is refused without overflowing the stack", () => {
    let value: unknown = 1;
    for (let i = 0; i < 100_000; i++) value = [value];
    expect(() => assertJsonDepth(value)).toThrow("nested deeper");
    expect(() => parse(approvalRequestSchema, { title: "T", metadata: value })).toThrow("nested deeper");
  });

  test("of something that contains itself is refused", () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => assertJsonDepth(loop)).toThrow("nested deeper");
  });
});
