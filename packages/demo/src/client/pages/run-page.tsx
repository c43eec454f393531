import { ApprovalCard, RunTimeline, useRun } from "@holdpoint/react";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { JsonValue } from "../runs/json-value.tsx";
import { workflowTitle } from "../runs/workflow-titles.ts";
import { Page } from "../shell/page.tsx";

/** One run: its steps, what it waits for, to be decided right here by whoever may, and how it ended. */
export function RunPage({ id }: { id: string }): ReactElement {
  const { run } = useRun(id);
  return (
    <Page
      title="Run"
      lead={
        <>
          <Link href="/runs">All runs</Link> · <code>{id}</code>
        </>
      }
    >
      <div className="stack">
        <RunTimeline
          runId={id}
          name={run && workflowTitle(run.workflow)}
          renderApproval={(approvalId) => <ApprovalCard key={approvalId} approvalId={approvalId} />}
          renderRun={(childId) => <Link href={`/runs/${childId}`}>The child run</Link>}
        />
        {run && (
          <section aria-labelledby="run-input">
            <h2 id="run-input">Input</h2>
            <JsonValue value={run.input} />
          </section>
        )}
      </div>
    </Page>
  );
}
