/** Makes the page believe that its network went away, or that it is back. Does nothing outside a browser. */
export function setPageOnline(online: boolean): void {
  if (typeof window === "undefined" || navigator.onLine === online) return;
  if (online) Reflect.deleteProperty(navigator, "onLine");
  else Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false });
  window.dispatchEvent(new Event(online ? "online" : "offline"));
}
