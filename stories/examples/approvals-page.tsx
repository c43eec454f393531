import { ApprovalInbox, HoldpointProvider } from "@holdpoint/react";
import "@holdpoint/react/styles.css";

/** A page of a product: the inbox of whoever is signed in. */
export function ApprovalsPage({ userId }: { userId: string }) {
  return (
    <HoldpointProvider url="/api" getToken={holdpointToken} sessionKey={userId}>
      <ApprovalInbox />
    </HoldpointProvider>
  );
}

/** Asks the product's own back end for a short-lived token of the session. */
async function holdpointToken(): Promise<string> {
  const response = await fetch("/session/holdpoint-token", { method: "POST" });
  if (!response.ok) throw new Error("Signed out");
  return response.text();
}
