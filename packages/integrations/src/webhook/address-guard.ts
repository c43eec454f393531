import { type LookupAddress, lookup as lookUpName } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { DeliveryError } from "@holdpoint/core";
import ipaddr from "ipaddr.js";

/** Decides to which addresses a request may connect. */
export interface AddressGuard {
  /** @throws {DeliveryError} permanent, when the URL can't be used or names an address that isn't allowed */
  check(url: URL): void;
  /** Resolves a name for a connection and refuses what it may not connect to, so that no name can be rebound in between. */
  lookup(url: URL): LookupFunction;
}

/** All of IPv6 that is public, and a part of IPv4 that is not; the library takes them for any other. */
const publicIpv6 = ipaddr.IPv6.parseCIDR("2000::/3");
const benchmarkIpv4 = ipaddr.IPv4.parseCIDR("198.18.0.0/15");

/**
 * Lets requests go to public addresses by https, and to the networks in `allowed` by http too. Everything else (loopback,
 * private networks, link-local, the cloud's metadata services) is refused.
 *
 * @param allowed networks as `127.0.0.0/8`, `::1/128`
 * @throws {Error} when one of them is not a network in this form
 */
export function createAddressGuard(allowed: readonly string[] = []): AddressGuard {
  const networks = new BlockList();
  for (const network of allowed) {
    const [address, bits] = ipaddr.parseCIDR(network);
    networks.addSubnet(address.toString(), bits, address.kind());
  }
  const assertAllowed = (address: string, url: URL) => {
    const parsed = ipaddr.process(address);
    if (networks.check(parsed.toString(), parsed.kind())) return;
    if (!isPublic(parsed)) refuse(`${url.host} is at a private address, which the server doesn't call.`);
    if (url.protocol !== "https:") refuse(`${url.host} is at a public address, which is called by https only.`);
  };
  return {
    check(url) {
      if (url.protocol !== "https:" && url.protocol !== "http:") refuse("A webhook's URL begins with https://.");
      const host = url.hostname.replace(/^\[|\]$/g, "");
      if (isIP(host)) assertAllowed(host, url);
    },
    lookup: (url) => (hostname, options, done) => {
      lookUpName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        const refusal =
          error ??
          refusalOf(() => {
            for (const { address } of addresses) assertAllowed(address, url);
          });
        const [first] = addresses ?? [];
        if (refusal || !first) done(refusal ?? new Error(`${hostname} has no address.`), "", 0);
        else if (options.all) done(null, addresses);
        else done(null, first.address, first.family);
      });
    },
  };
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== "unicast") return false;
  return address instanceof ipaddr.IPv4 ? !address.match(benchmarkIpv4) : address.match(publicIpv6);
}

function refusalOf(check: () => void): Error | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function refuse(message: string): never {
  throw new DeliveryError(message, { permanent: true });
}
