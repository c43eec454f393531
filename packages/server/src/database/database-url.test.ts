import { describe, expect, test } from "vitest";
import { maskPassword, parseDatabaseUrl } from "./database-url.ts";

describe("a database URL", () => {
  test.each([
    ["sqlite:./holdpoint.db", { engine: "sqlite", filename: "./holdpoint.db", memory: false }],
    ["sqlite:/var/lib/a b.db", { engine: "sqlite", filename: "/var/lib/a b.db", memory: false }],
    ["sqlite::memory:", { engine: "sqlite", filename: ":memory:", memory: true }],
    ["postgres://u:p@db:5432/app", { engine: "postgres", connectionString: "postgres://u:p@db:5432/app" }],
    ["postgresql://db/app", { engine: "postgres", connectionString: "postgresql://db/app" }],
  ])("%s is understood", (url, location) => {
    expect(parseDatabaseUrl(url)).toEqual(location);
  });

  test.each(["", "holdpoint.db", "sqlite:", "mysql://ana:secret@db/app", "postgres://ana:secret@:::/app"])(
    "%j is refused without showing a password",
    (url) => {
      const parse = () => parseDatabaseUrl(url);
      expect(parse).toThrow("is not a database URL");
      expect(parse).not.toThrow("secret");
    },
  );

  test.each([
    ["postgres://ana:se:cr@et@db:5432/app?password=secret", "postgres://ana:***@db:5432/app"],
    ["postgres://ana@db/app", "postgres://ana@db/app"],
    ["postgres://db:5432/app", "postgres://db:5432/app"],
  ])("%s is shown without secrets", (url, shown) => {
    expect(maskPassword(url)).toBe(shown);
  });
});
