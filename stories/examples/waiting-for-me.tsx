import { useApprovals, useCounts } from "@holdpoint/react";

/** A list of the host's own, on the hooks alone. */
export function WaitingForMe() {
  const counts = useCounts();
  const { items, newCount, showNew } = useApprovals({ status: ["pending"], assignee: "me" });
  return (
    <section aria-label="Waiting for me">
      <h2>Waiting for me: {counts?.mine ?? "…"}</h2>
      {newCount > 0 && (
        <button type="button" onClick={showNew}>
          {newCount} new
        </button>
      )}
      <ul>
        {items.map((approval) => (
          <li key={approval.id}>{approval.title}</li>
        ))}
      </ul>
    </section>
  );
}
