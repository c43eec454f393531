import { DeliveryError } from "@holdpoint/core";
import { expect, test } from "vitest";
import { createAddressGuard } from "./address-guard.ts";

function resolved(guard: ReturnType<typeof createAddressGuard>, url: string): Promise<Error | null> {
  const target = new URL(url);
  return new Promise((resolve) => guard.lookup(target)(target.hostname, { all: true }, (error) => resolve(error)));
}

test.each([
  "https://127.0.0.1/",
  "https://127.1/",
  "https://0x7f000001/",
  "https://10.0.0.1/",
  "https://192.168.1.1/",
  "https://172.16.0.1/",
  "https://169.254.169.254/latest/meta-data",
  "https://100.64.0.1/",
  "https://0.0.0.0/",
  "https://[::1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[fd00::1]/",
  "https://[fe80::1]/",
  "https://[64:ff9b::a00:1]/",
  "https://[64:ff9b:1::a00:1]/",
  "https://[fec0::1]/",
  "https://[::7f00:1]/",
  "https://[5f00::1]/",
  "https://198.18.0.1/",
  "http://93.184.216.34/",
  "ftp://93.184.216.34/",
])("%s is refused for good", (url) => {
  const check = () => createAddressGuard().check(new URL(url));
  expect(check).toThrow(DeliveryError);
  expect(check).toThrow(expect.objectContaining({ permanent: true }));
});

test.each(["https://93.184.216.34/", "https://[2606:2800:220:1:248:1893:25c8:1946]/"])("%s may be called", (url) => {
  createAddressGuard().check(new URL(url));
});

test("networks that are allowed may be called by http too, and no others", () => {
  const guard = createAddressGuard(["127.0.0.0/8", "fd00::/8"]);
  guard.check(new URL("http://127.0.0.1:8080/"));
  guard.check(new URL("http://[fd00::7]/"));
  expect(() => guard.check(new URL("http://10.0.0.1/"))).toThrow(/private/);
});

test("a name is refused for what it resolves to when the connection is made", async () => {
  expect(await resolved(createAddressGuard(), "https://localhost/")).toMatchObject({ permanent: true });
  expect(await resolved(createAddressGuard(["127.0.0.0/8", "::1/128"]), "http://localhost/")).toBeNull();
});

test("a network that is none is refused when the guard is made", () => {
  expect(() => createAddressGuard(["127.0.0.1"])).toThrow();
});
