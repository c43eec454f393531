import { RunTimeline, useRun } from "@holdpoint/react";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { AskedApproval } from "../runs/asked-approval.tsx";
import { returnedStatus, runSubject, workflowTitle } from "../runs/workflow-titles.ts";
import { Page } from "../shell/page.tsx";

/** One run: its steps, what it waits for, to be decided right here by whoever may, and how it ended. */
export function RunPage({ id }: { id: string }): ReactElement {
  const { run } = useRun(id);
  const subject = run && runSubject(run);
  const returned = run && returnedStatus(run);
  return (
    <Page
      title={subject || "Run"}
      lead={
        <>
          <Link href="/runs">All runs</Link>
          {run?.parentRunId && (
            <>
              {" · "}
              <Link href={`/runs/${run.parentRunId}`}>The run that started it</Link>
            </>
          )}
          {" · "}Run ID <code>{id}</code>
          {returned && <> · Returned “{returned}”</>}
        </>
      }
    >
      <RunTimeline
        runId={id}
        name={run && workflowTitle(run.workflow)}
        renderApproval={(approvalId, { status }) => (
          <AskedApproval key={approvalId} approvalId={approvalId} waiting={status === "waiting"} />
        )}
        renderRun={(childId) => <Link href={`/runs/${childId}`}>Open the child run</Link>}
      />
    </Page>
  );
}
