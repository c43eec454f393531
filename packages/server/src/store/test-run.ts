import { randomBytes } from "node:crypto";
import { dropDatabases, hasPostgres } from "./test-postgres-server.ts";

/** Before the first test of a run, in a process of its own; what it returns comes after the last one, whatever has failed. */
export default function setUp() {
  const prefix = `holdpoint_test_${randomBytes(4).toString("hex")}_`;
  process.env.HOLDPOINT_TEST_DATABASE_PREFIX = prefix;
  return async () => {
    if (await hasPostgres()) await dropDatabases(prefix);
  };
}
