import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a request may change state or open a live connection, by where it comes from: no page at all (no `Origin`), a
 * page of our own, or one of the origins allowed. Whether a page is our own is said by the browser, which pages can't
 * make it lie about and proxies don't change; older browsers leave it to the host names.
 */
export function isAllowedOrigin(headers: IncomingHttpHeaders, allowedOrigins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowedOrigins.includes(origin)) return true;
  return headers["sec-fetch-site"] === "same-origin" || (URL.canParse(origin) && new URL(origin).host === host);
}
