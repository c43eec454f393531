import { HoldpointError, type Viewer } from "@holdpoint/core";
import { describe, expect, test } from "vitest";
import { type Authenticate, anyOf, bearerToken } from "./authenticate.ts";

const ana: Viewer = { id: "ana", tenantId: "default", groups: [], role: "reviewer" };
const knowsAna: Authenticate = ({ token }) => (token === "ana" ? ana : null);
const expired: Authenticate = () => {
  throw new HoldpointError("unauthenticated", "The token expired.");
};

describe("anyOf", () => {
  test("takes the first way that knows the caller", async () => {
    expect(await anyOf(() => null, knowsAna)({ headers: {}, token: "ana" })).toEqual(ana);
  });

  test("lets a later way accept what an earlier one refused", async () => {
    expect(await anyOf(expired, knowsAna)({ headers: {}, token: "ana" })).toEqual(ana);
  });

  test("gives the first reason when nobody knows the caller", async () => {
    await expect(anyOf(knowsAna, expired)({ headers: {}, token: "bo" })).rejects.toThrow("The token expired.");
  });

  test("knows nobody when no way does", async () => {
    expect(await anyOf(knowsAna)({ headers: {} })).toBeNull();
  });

  test("passes on what breaks", async () => {
    const broken: Authenticate = () => Promise.reject(new TypeError("no connection"));
    await expect(anyOf(broken, knowsAna)({ headers: {}, token: "ana" })).rejects.toThrow(TypeError);
  });
});

describe("bearerToken", () => {
  test("reads the token, whatever the case of the scheme", () => {
    expect(bearerToken({ authorization: "Bearer abc" })).toBe("abc");
    expect(bearerToken({ authorization: "bearer abc" })).toBe("abc");
  });

  test("finds none in other schemes", () => {
    expect(bearerToken({ authorization: "Basic abc" })).toBeUndefined();
    expect(bearerToken({})).toBeUndefined();
  });
});
