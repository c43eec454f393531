import { DeliveryError, type Resumer } from "@holdpoint/core";

/** Resumes jobs that asked with `source: { engine: "jobs", ref: "build-42" }`, by the HTTP API of what runs them. */
export function jobResumer({ url, token }: { url: string; token: string }): Resumer {
  return {
    engine: "jobs",
    check: ({ ref }) => (typeof ref === "string" ? undefined : "must be the id of a job"),
    async deliver({ id, approvals }, { signal }) {
      const [job, ...others] = new Set(approvals.map(({ source }) => source.ref));
      if (typeof job !== "string" || others.length > 0) {
        throw new DeliveryError("All members of a group must have the id of one job as their ref.", {
          permanent: true,
        });
      }
      const { status } = await fetch(`${url}/jobs/${encodeURIComponent(job)}/resume`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": id },
        body: JSON.stringify(approvals.map(({ approvalId, outcome }) => ({ approvalId, outcome }))),
        signal,
      });
      if (status === 409) return "already_resolved";
      if (status === 410) return "gone";
      if (status < 300) return "delivered";
      const permanent = status < 500 && status !== 408 && status !== 429;
      throw new DeliveryError(`The jobs' server answered ${status}.`, { permanent });
    },
  };
}
