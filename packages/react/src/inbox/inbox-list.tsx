"use client";
import {
  type ComponentProps,
  type KeyboardEvent,
  lazy,
  type ReactElement,
  type RefObject,
  Suspense,
  useEffect,
  useRef,
} from "react";
import { useInView } from "../hooks/use-in-view.ts";
import { useSlots } from "../look/slots.ts";
import { useMessages } from "../messages/use-messages.ts";
import { useInbox } from "./inbox-context.ts";
import { InboxItem } from "./inbox-item.tsx";
import { InboxEmpty, InboxError, InboxLoading } from "./inbox-states.tsx";
import { rowAfterKey } from "./roving.ts";

const VirtualRows = lazy(() => import("./virtual-rows.tsx"));

/** From this many rows on, only those in view are drawn. */
const manyRows = 100;

/** Rows drawn of a long list until the part that draws those in view has loaded. */
const firstRows = 30;

/** Props of {@link InboxList}. */
export interface InboxListProps extends ComponentProps<"div"> {
  /** Whether long lists draw only the rows in view. Default true. */
  virtualize?: boolean;
}

/** The approvals; arrows move through them, Enter opens one. Renders a `<div>` element that scrolls. */
export function InboxList({ className, virtualize = true, ...rest }: InboxListProps): ReactElement {
  const { list } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  const scroller = useRef<HTMLDivElement>(null);
  const keys = useRowKeys();
  const moreHasFocus = useFocusAfterLastPage();
  const many = virtualize && list.items.length >= manyRows;
  return (
    <div {...rest} ref={scroller} className={slot("inbox-list", className)}>
      <InboxLoading />
      <InboxError />
      <InboxEmpty />
      {list.items.length > 0 && (
        <div role="listbox" className={slot("items")} aria-label={t("inbox.listLabel")} onKeyDown={keys}>
          {many ? (
            <Suspense fallback={<Rows count={firstRows} />}>
              <VirtualRows scroller={scroller} />
            </Suspense>
          ) : (
            <Rows count={list.items.length} />
          )}
        </div>
      )}
      {list.hasMore && <MoreRows hasFocus={moreHasFocus} />}
    </div>
  );
}

/** Loads the next page as soon as it is in view; a button for whoever doesn't scroll. */
function MoreRows({ hasFocus }: { hasFocus: RefObject<boolean> }): ReactElement {
  const { list } = useInbox();
  const slot = useSlots();
  const t = useMessages();
  const ref = useInView<HTMLButtonElement>(list.fetchMore, list.items.length);
  return (
    <button
      ref={ref}
      type="button"
      className={slot(["button", "more"])}
      aria-busy={list.fetchingMore || undefined}
      onClick={list.fetchMore}
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={() => {
        hasFocus.current = false;
      }}
    >
      {t("inbox.more")}
    </button>
  );
}

/**
 * Where the button that loads more goes away with the focus on it, the focus goes to the first row that has come. Returns
 * where the button says whether it has the focus.
 */
function useFocusAfterLastPage(): RefObject<boolean> {
  const { list, moveTo } = useInbox();
  const hasFocus = useRef(false);
  const shownBefore = useRef(0);
  useEffect(() => {
    if (list.hasMore) {
      shownBefore.current = list.items.length;
    } else if (hasFocus.current) {
      // React tells nobody of the blur of what it removes.
      hasFocus.current = false;
      const first = list.items[shownBefore.current] ?? list.items.at(-1);
      if (first) moveTo(first);
    }
  });
  return hasFocus;
}

function Rows({ count }: { count: number }): ReactElement {
  const { list } = useInbox();
  return (
    <>
      {list.items.slice(0, count).map((approval, i) => (
        <InboxItem key={approval.id} approval={approval} position={i + 1} />
      ))}
    </>
  );
}

/** What keys do in the list: move the focus, or open the row that has it. */
function useRowKeys(): (event: KeyboardEvent) => void {
  const { list, moveTo, open, rowId } = useInbox();
  return (event) => {
    const index = list.items.findIndex((item) => item.id === rowId);
    const target = list.items[rowAfterKey(event.key, index, list.items.length) ?? -1];
    if (target) {
      moveTo(target);
      // Beyond the last row lies the button that loads more, which the focus doesn't bring into view.
      if (list.hasMore && target === list.items.at(-1)) list.fetchMore();
    } else if ((event.key === "Enter" || event.key === " ") && rowId) open(rowId, { moveFocus: true });
    else return;
    event.preventDefault();
  };
}
