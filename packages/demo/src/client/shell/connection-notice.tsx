import { useConnection } from "@holdpoint/react";
import type { ReactElement } from "react";

const words: Partial<Record<ReturnType<typeof useConnection>["state"], string>> = {
  reconnecting: "Reconnecting",
  polling: "Live, every few seconds",
  offline: "Offline",
  unauthorized: "Signed out",
};

/** What is the matter with the line to the server; nothing while it is live or first being made. */
export function ConnectionNotice(): ReactElement {
  const { state } = useConnection();
  return (
    <span className="connection" role="status">
      {words[state] && (
        <span className="status" data-status={state}>
          {words[state]}
        </span>
      )}
    </span>
  );
}
