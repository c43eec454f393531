import { asJson, type Run } from "@holdpoint/core";
import { ApprovalCard } from "@holdpoint/react";
import { type ReactElement, useCallback } from "react";
import { Link } from "wouter";
import { JsonValue } from "../runs/json-value.tsx";
import { RunStatusLabel } from "../runs/run-status.tsx";
import { RunSteps } from "../runs/run-steps.tsx";
import { useReloadOnChanges } from "../runs/use-reload-on-changes.ts";
import { useRunsClient } from "../runs/use-runs-client.ts";
import { workflowTitle } from "../runs/workflow-titles.ts";
import { LoadNotice } from "../shell/load-notice.tsx";
import { Moment } from "../shell/moment.tsx";
import { Page } from "../shell/page.tsx";
import { useLoaded } from "../use-loaded.ts";

const refreshMs = 1_000;

/** One run: its steps, what it waits for, and how it ended. */
export function RunPage({ id }: { id: string }): ReactElement {
  const client = useRunsClient();
  const load = useCallback((signal: AbortSignal) => client.get(id, { signal }), [client, id]);
  const run = useLoaded(load, refreshMs);
  useReloadOnChanges(run.reload);
  return (
    <Page
      title={run.value ? workflowTitle(run.value.workflow) : "Run"}
      lead={
        <>
          <Link href="/runs">All runs</Link> · <code>{id}</code>
        </>
      }
    >
      <LoadNotice of={run} />
      {run.value && <RunReport run={run.value} />}
    </Page>
  );
}

function RunReport({ run }: { run: Run }): ReactElement {
  return (
    <div className="stack">
      <p className="run-summary">
        <RunStatusLabel status={run.status} />
        <span className="faint">
          Started by {run.owner?.name ?? run.owner?.id ?? "the system"}, <Moment at={run.createdAt} />
        </span>
      </p>
      <RunResult run={run} />
      <section aria-labelledby="run-steps">
        <h2 id="run-steps">Steps</h2>
        <RunSteps steps={run.steps ?? []} />
      </section>
      <RunApprovals run={run} />
      <section aria-labelledby="run-input">
        <h2 id="run-input">Input</h2>
        <JsonValue value={run.input} />
      </section>
    </div>
  );
}

function RunResult({ run }: { run: Run }): ReactElement | null {
  if (run.error) {
    return (
      <p className="notice">
        {run.error.name}: {run.error.message}
      </p>
    );
  }
  const result = run.outcome ? asJson(run.outcome) : run.output;
  if (result === undefined) return null;
  return (
    <section aria-labelledby="run-result">
      <h2 id="run-result">Result</h2>
      <JsonValue value={result} />
    </section>
  );
}

/** The approvals that the run has asked for, to be decided right here by whoever may. */
function RunApprovals({ run }: { run: Run }): ReactElement | null {
  const ids = run.steps?.flatMap((step) => step.approvalId ?? []) ?? [];
  if (ids.length === 0) return null;
  return (
    <section aria-labelledby="run-approvals">
      <h2 id="run-approvals">Approvals</h2>
      {ids.map((id) => (
        <ApprovalCard key={id} approvalId={id} />
      ))}
    </section>
  );
}
