import { ApprovalInbox } from "@holdpoint/react";
import type { ReactElement } from "react";
import { useLocation } from "wouter";
import { useTitle } from "../shell/page.tsx";

/** The embedded inbox. The address says which approval is open, so that it can be linked to. */
export function InboxPage({ openId }: { openId?: string }): ReactElement {
  const [, navigate] = useLocation();
  useTitle("Inbox");
  return (
    <main className="inbox-page">
      <h1 className="visually-hidden">Inbox</h1>
      <ApprovalInbox openId={openId ?? null} onOpenChange={(id) => navigate(id ? `/inbox/${id}` : "/inbox")} />
    </main>
  );
}
