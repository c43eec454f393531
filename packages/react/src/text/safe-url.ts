/** `url` when it may be opened or loaded: http or https. Undefined for anything else, `javascript:` first of all. */
export function safeUrl(url: unknown): URL | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed : undefined;
}
