import { ApprovalInbox, HoldpointLook, type LookOptions } from "@holdpoint/react";

const look: LookOptions = {
  messages: {
    "inbox.title": "Sign-offs",
    "action.reject": "Send back",
    "inbox.newItems": ({ count }, format) => format.plural(count, { one: "# more", other: "# more" }),
  },
  classNames: { "inbox-title": "acme-heading" },
};

/** An inbox in the product's own words. */
export function SignOffs() {
  return (
    <HoldpointLook {...look}>
      <ApprovalInbox className="acme-inbox" />
    </HoldpointLook>
  );
}
