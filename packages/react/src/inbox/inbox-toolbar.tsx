"use client";
import type { ComponentProps, ReactElement } from "react";
import { useConnection } from "../hooks/use-connection.ts";
import { useCounts } from "../hooks/use-counts.ts";
import { useLook } from "../look/look-context.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useInbox } from "./inbox-context.ts";
import { inboxFilters } from "./inbox-filter.ts";

/** The top of the list: title, count, connection, search, filters. Renders a `<div>` element. */
export function InboxToolbar({ className, children, ...rest }: ComponentProps<"div">): ReactElement {
  const slot = useSlots();
  return (
    <div {...rest} className={slot("inbox-header", className)}>
      {children ?? (
        <>
          <InboxTitle />
          <InboxSearch />
          <InboxFilters />
        </>
      )}
    </div>
  );
}

/** The count is of what the viewer can decide, as everywhere: the list may show more. */
function InboxTitle(): ReactElement {
  const counts = useCounts();
  const { format } = useLook();
  const slot = useSlots();
  const t = useMessages();
  return (
    <div className={slot("inbox-heading")}>
      <h2 className={slot("inbox-title")}>{t("inbox.title")}</h2>
      {counts !== undefined && counts.mine > 0 && (
        <span className={slot("count")}>
          <span aria-hidden="true">{format.number(counts.mine)}</span>
          <span className={slot("hidden")}>{t("inbox.mineLabel", { count: counts.mine })}</span>
        </span>
      )}
      <InboxConnection />
    </div>
  );
}

/** What the line to the server is doing, and a way to try again. Renders a `<span>` element. */
export function InboxConnection({ className, ...rest }: ComponentProps<"span">): ReactElement {
  const { state, retry } = useConnection();
  const slot = useSlots();
  const t = useMessages();
  return (
    <span {...rest} className={slot("connection", className)} data-connection={state}>
      <span role="status">{t(`connection.${state}`)}</span>
      {(state === "offline" || state === "unauthorized") && (
        <button type="button" className={slot("text-button")} onClick={retry}>
          {t("action.retry")}
        </button>
      )}
    </span>
  );
}

/** Finds approvals by words. Renders an `<input type="search">` element. */
export function InboxSearch({ className, ...rest }: ComponentProps<"input">): ReactElement {
  const { words, setWords } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  return (
    <input
      {...rest}
      type="search"
      className={slot("search", className)}
      aria-label={t("inbox.searchLabel")}
      placeholder={t("inbox.searchPlaceholder")}
      value={words}
      onChange={(event) => setWords(event.target.value)}
    />
  );
}

/** Narrows the list. Renders a group of `<button>` elements. */
export function InboxFilters({ className, ...rest }: ComponentProps<"div">): ReactElement {
  const { filter, setFilter } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form fields; these are buttons
    <div {...rest} role="group" aria-label={t("inbox.filtersLabel")} className={slot("chips", className)}>
      {inboxFilters.map((name) => (
        <button
          key={name}
          type="button"
          className={slot("chip")}
          aria-pressed={name === filter}
          onClick={() => setFilter(name)}
        >
          {t(`filter.${name}`)}
        </button>
      ))}
    </div>
  );
}
