import type { RunsClient } from "@holdpoint/client";
import type { Page as ListPage, Run } from "@holdpoint/core";
import { type ReactElement, type RefObject, useCallback, useEffect, useRef } from "react";
import { Link, useSearchParams } from "wouter";
import { RunStatusLabel } from "../runs/run-status.tsx";
import { useReloadOnChanges } from "../runs/use-reload-on-changes.ts";
import { useRunsClient } from "../runs/use-runs-client.ts";
import { returnedStatus, runSubject, workflowTitle } from "../runs/workflow-titles.ts";
import { LoadNotice } from "../shell/load-notice.tsx";
import { Moment } from "../shell/moment.tsx";
import { Page } from "../shell/page.tsx";
import { useLoaded } from "../use-loaded.ts";

const refreshMs = 2_000;

/** What the list can be narrowed to. */
const choices: Record<string, Run["status"][]> = {
  All: [],
  "Under way": ["queued", "running", "waiting", "stranded"],
  Completed: ["completed"],
  "Rejected, timed out or cancelled": ["rejected", "timed_out", "cancelled"],
  Failed: ["failed"],
};

/** The choice that the address names, so that the way back from a run leads to the same list. */
function choiceOf(name: string | null): string {
  return name !== null && name in choices ? name : "All";
}

/** Runs, newest first: all of the company's for an admin, for others their own. */
export function RunsPage(): ReactElement {
  const [search, setSearch] = useSearchParams();
  const choice = choiceOf(search.get("show"));
  return (
    <Page
      title="Runs"
      lead="What you have started; an admin sees what everybody has. Stop the server, start it again, and they go on."
    >
      <label className="narrow">
        Show
        <select
          className="input"
          value={choice}
          onChange={(event) => setSearch({ show: event.target.value }, { replace: true })}
        >
          {Object.keys(choices).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <RunsList key={choice} choice={choice} />
    </Page>
  );
}

/** The newest runs of a choice and, on request, those before them; what is shown stays shown when it is read again. */
function RunsList({ choice }: { choice: string }): ReactElement {
  const client = useRunsClient();
  const pages = useRef(1);
  const load = useCallback(
    (signal: AbortSignal) => listRuns(client, choices[choice], pages.current, signal),
    [client, choice],
  );
  const runs = useLoaded(load, refreshMs);
  useReloadOnChanges(runs.reload);
  const { rows, awaitMore } = useFocusOnFirstNew(runs.value?.items);
  const showMore = () => {
    pages.current++;
    awaitMore();
    runs.reload();
  };
  return (
    <>
      <LoadNotice of={runs} />
      {runs.value?.items.length === 0 && (
        <p className="empty">
          {choice === "All" ? "No runs yet." : "No such runs."} <Link href="/start">Start one</Link>
        </p>
      )}
      {runs.value && runs.value.items.length > 0 && <RunsTable runs={runs.value.items} rows={rows} />}
      {runs.value?.nextCursor && (
        <button type="button" className="button more" onClick={showMore}>
          Show more
        </button>
      )}
    </>
  );
}

/** Where the button to show more goes away with the focus on it, the focus goes to the first run that has come. */
function useFocusOnFirstNew(runs: Run[] | undefined) {
  const rows = useRef<HTMLTableSectionElement>(null);
  const shownBefore = useRef<number>(undefined);
  useEffect(() => {
    if (!runs || shownBefore.current === undefined) return;
    const row = Math.min(shownBefore.current, runs.length - 1);
    shownBefore.current = undefined;
    if (document.activeElement === document.body) rows.current?.rows[row]?.querySelector("a")?.focus();
  }, [runs]);
  const awaitMore = () => {
    shownBefore.current = runs?.length;
  };
  return { rows, awaitMore };
}

/** The first pages of runs as one. */
async function listRuns(
  client: RunsClient,
  status: Run["status"][] | undefined,
  pages: number,
  signal: AbortSignal,
): Promise<ListPage<Run>> {
  let shown = await client.list({ status }, { signal });
  for (let read = 1; read < pages && shown.nextCursor; read++) {
    const { items, nextCursor } = await client.list({ status, cursor: shown.nextCursor }, { signal });
    shown = { items: [...shown.items, ...items], nextCursor };
  }
  return shown;
}

function RunsTable({ runs, rows }: { runs: Run[]; rows: RefObject<HTMLTableSectionElement | null> }): ReactElement {
  return (
    <div className="panel table-scroll">
      <table className="runs">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Status</th>
            <th scope="col">Started by</th>
            <th scope="col">Started</th>
          </tr>
        </thead>
        <tbody ref={rows}>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row">
                <Link href={`/runs/${run.id}`}>{workflowTitle(run.workflow)}</Link>
                <span className="runs-subject">{runSubject(run)}</span>
              </th>
              <td data-column="status">
                <RunStatusLabel status={run.status} />
                {returnedStatus(run) && <span className="runs-returned">{returnedStatus(run)}</span>}
              </td>
              <td>{run.owner?.name ?? run.owner?.id}</td>
              <td>
                <Moment at={run.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
