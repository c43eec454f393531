import { type ReactElement, useCallback } from "react";
import type { Listing } from "../../acme-api.ts";
import { requestJson } from "../request.ts";
import { useSession } from "../session/session-context.tsx";
import { LoadNotice } from "../shell/load-notice.tsx";
import { useLoaded } from "../use-loaded.ts";
import { Labelled } from "./labelled.tsx";

/** What {@link RecordChoice} takes. */
export interface RecordChoiceProps<Record> {
  name: string;
  label: string;
  /** Where the records come from. */
  path: string;
  /** How a record reads in the list. */
  describe(record: Record): string;
}

const refreshMs = 5_000;

/** A field that chooses one of the company's records; its value is the record's id. */
export function RecordChoice<Record extends { id: string }>(props: RecordChoiceProps<Record>): ReactElement {
  const { getToken } = useSession();
  const load = useCallback(
    async (signal: AbortSignal) => requestJson<Listing<Record>>(props.path, { token: await getToken(), signal }),
    [getToken, props.path],
  );
  const records = useLoaded(load, refreshMs);
  return (
    <>
      <Labelled name={props.name} label={props.label}>
        {(input) => (
          <select {...input} className="input">
            {records.value?.items.map((record) => (
              <option key={record.id} value={record.id}>
                {props.describe(record)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {records.error && <LoadNotice of={records} />}
    </>
  );
}
