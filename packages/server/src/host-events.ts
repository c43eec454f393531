import { type EventInput, parse, routes, type SentEvent, type Viewer } from "@holdpoint/core";
import { assertBodySize } from "./http/json-body.ts";
import type { Runs } from "./runs/runs.ts";
import { defaultTenant, systemViewer } from "./system-viewer.ts";

/** Telling runs what happened, in process, for one viewer. */
export interface ViewerEvents {
  /**
   * Gives an event to the runs that wait for it, and remembers it for those that will. Sending it again with the same
   * `id` changes nothing.
   *
   * @throws {HoldpointError} `invalid_request`, `forbidden`, `payload_too_large`; `idempotency_conflict` when the id was used with a different event
   */
  send(event: EventInput): Promise<SentEvent>;
}

/** Telling runs what happened, in process, for the host itself. */
export interface HostEvents {
  /** As {@link ViewerEvents.send}. */
  send(event: EventInput, to?: { tenantId?: string }): Promise<SentEvent>;
  /** The same with the rights of one viewer. */
  as(viewer: Viewer): ViewerEvents;
}

/** Events as the host sends them; they take and refuse the same as the HTTP route. */
export function hostEvents(runs: Runs): HostEvents {
  const send = async (viewer: Viewer, input: EventInput) => {
    const event = parse(routes.sendEvent.body, input);
    assertBodySize(event);
    return (await runs.send(viewer, event)).event;
  };
  return {
    send: (event, { tenantId = defaultTenant } = {}) => send({ ...systemViewer, tenantId }, event),
    as: (viewer) => ({ send: (event) => send(viewer, event) }),
  };
}
