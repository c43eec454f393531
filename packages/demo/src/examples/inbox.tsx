import { ApprovalInbox, HoldpointProvider } from "@holdpoint/react";
import "@holdpoint/react/styles.css";

export function Approvals({ user, getToken }: { user: { id: string }; getToken: () => Promise<string> }) {
  return (
    <HoldpointProvider url="/api" getToken={getToken} sessionKey={user.id}>
      <ApprovalInbox />
    </HoldpointProvider>
  );
}
