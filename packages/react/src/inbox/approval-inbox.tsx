"use client";
import { type ComponentPropsWithoutRef, forwardRef, type ReactElement } from "react";
import { useConnection } from "../hooks/use-connection.ts";
import { HoldpointLook } from "../look/holdpoint-look.tsx";
import type { LookOptions } from "../look/look.ts";
import { useRootProps } from "../look/root-props.ts";
import { useSlots } from "../look/slots.ts";
import { InboxContext } from "./inbox-context.ts";
import { InboxDetail } from "./inbox-detail.tsx";
import { InboxItem } from "./inbox-item.tsx";
import { InboxList } from "./inbox-list.tsx";
import { InboxNewItems } from "./inbox-new-items.tsx";
import { InboxEmpty, InboxError, InboxLoading } from "./inbox-states.tsx";
import { InboxConnection, InboxFilters, InboxSearch, InboxToolbar } from "./inbox-toolbar.tsx";
import { type InboxModelInput, useInboxModel } from "./use-inbox-model.ts";

/** Props of {@link ApprovalInbox}. */
export interface ApprovalInboxProps
  extends ComponentPropsWithoutRef<"div">,
    InboxModelInput,
    Pick<LookOptions, "messages" | "classNames"> {}

const InboxRoot = forwardRef<HTMLDivElement, ApprovalInboxProps>(function ApprovalInbox(props, ref): ReactElement {
  const { messages, classNames, ...rest } = props;
  return (
    <HoldpointLook messages={messages} classNames={classNames}>
      <InboxFrame {...rest} ref={ref} />
    </HoldpointLook>
  );
});

const InboxFrame = forwardRef<HTMLDivElement, ApprovalInboxProps>(function InboxFrame(props, ref): ReactElement {
  const { defaultFilter, openId, defaultOpenId, onOpenChange, className, children, ...rest } = props;
  const inbox = useInboxModel({ defaultFilter, openId, defaultOpenId, onOpenChange });
  const { state: connection } = useConnection();
  const slot = useSlots();
  const { status, items } = inbox.list;
  const isEmpty = status === "ready" && items.length === 0;
  return (
    <InboxContext.Provider value={inbox}>
      <div
        {...useRootProps()}
        {...rest}
        ref={ref}
        className={slot(["root", "inbox"], className)}
        data-state={isEmpty ? "empty" : status}
        data-connection={connection}
      >
        <div className={slot("inbox-frame")} data-view={inbox.openId ? "detail" : "list"}>
          {children ?? (
            <>
              <InboxSide />
              <InboxDetail />
            </>
          )}
        </div>
      </div>
    </InboxContext.Provider>
  );
});

/** The list's column. Renders a `<section>` element. */
function InboxSide({ className, children, ...rest }: ComponentPropsWithoutRef<"section">): ReactElement {
  const slot = useSlots();
  return (
    <section {...rest} className={slot("inbox-side", className)}>
      {children ?? (
        <>
          <InboxToolbar />
          <InboxNewItems />
          <InboxList />
        </>
      )}
    </section>
  );
}

/**
 * The approvals that need somebody, live, beside the one that is open; one above the other where its container is
 * narrower than 720 px. Fills its container. Renders a `<div>` element.
 *
 * Its parts can be rearranged as children: `<ApprovalInbox><ApprovalInbox.Side>...`.
 */
export const ApprovalInbox = Object.assign(InboxRoot, {
  Side: InboxSide,
  Toolbar: InboxToolbar,
  Search: InboxSearch,
  Filters: InboxFilters,
  Connection: InboxConnection,
  NewItems: InboxNewItems,
  List: InboxList,
  Item: InboxItem,
  Detail: InboxDetail,
  Empty: InboxEmpty,
  Loading: InboxLoading,
  Error: InboxError,
});
