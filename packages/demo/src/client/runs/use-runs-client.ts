import { createClient, type RunsClient } from "@holdpoint/client";
import { useMemo } from "react";
import { useSession } from "../session/session-context.tsx";

/** Runs over HTTP, as the person who is signed in. */
export function useRunsClient(): RunsClient {
  const { getToken } = useSession();
  return useMemo(() => createClient({ url: "/api", getToken }).runs, [getToken]);
}
