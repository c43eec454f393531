import type { Kysely } from "kysely";
import type { Engine } from "../engine.ts";
import * as approvals from "./001-approvals.ts";
import * as runs from "./002-runs.ts";
import * as runEvents from "./004-run-events.ts";
import * as ladder from "./005-ladder.ts";
import * as rules from "./006-rules.ts";
import * as policy from "./007-policy.ts";
import * as deliveries from "./008-deliveries.ts";
import * as runOutcome from "./009-run-outcome.ts";
import * as logHeads from "./020-log-heads.ts";
import * as runLists from "./021-run-lists.ts";
import * as deliveryAttempts from "./022-delivery-attempts.ts";
import * as deliveriesInFlight from "./023-deliveries-in-flight.ts";
import * as stepTurns from "./024-step-turns.ts";
import * as runRecoveries from "./025-run-recoveries.ts";
import * as ownedGroups from "./026-owned-groups.ts";

/** One step of the schema's history. A released one never changes. */
export interface Migration {
  readonly name: string;
  up(db: Kysely<unknown>, engine: Engine): Promise<void>;
}

/** All of them, oldest first; new ones go at the end. */
export const migrations: readonly Migration[] = [
  { name: "001-approvals", ...approvals },
  { name: "002-runs", ...runs },
  { name: "004-run-events", ...runEvents },
  { name: "005-ladder", ...ladder },
  { name: "006-rules", ...rules },
  { name: "007-policy", ...policy },
  { name: "008-deliveries", ...deliveries },
  { name: "009-run-outcome", ...runOutcome },
  { name: "020-log-heads", ...logHeads },
  { name: "021-run-lists", ...runLists },
  { name: "022-delivery-attempts", ...deliveryAttempts },
  { name: "023-deliveries-in-flight", ...deliveriesInFlight },
  { name: "024-step-turns", ...stepTurns },
  { name: "025-run-recoveries", ...runRecoveries },
  { name: "026-owned-groups", ...ownedGroups },
];
