import { useCounts } from "@holdpoint/react";
import { useEffect } from "react";

/** Calls `reload` when the live feed says that approvals came or ended: runs move then. */
export function useReloadOnChanges(reload: () => void): void {
  const counts = useCounts();
  useEffect(() => {
    if (counts) reload();
  }, [counts, reload]);
}
