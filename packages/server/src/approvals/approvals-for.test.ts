import { approvalsConformance } from "@holdpoint/core/conformance";
import { afterAll, beforeAll, describe, test } from "vitest";
import { testDatabases } from "../store/test-databases.ts";
import { startTestHoldpoint, type TestHoldpoint } from "../testing.ts";

describe.each(testDatabases)("approvals in process on $name", ({ create }) => {
  let server: TestHoldpoint;
  beforeAll(async () => {
    server = await startTestHoldpoint({ database: await create() });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each(approvalsConformance)("$name", ({ run }) => run({ as: server.holdpoint.approvals.as }));
});
