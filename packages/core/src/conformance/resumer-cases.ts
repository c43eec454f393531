import { createApproval } from "../approval/create-approval.ts";
import { applyCancel } from "../approval/lifecycle.ts";
import { DeliveryError } from "../delivery/notification.ts";
import type { Resumer, Resumption } from "../delivery/resumer.ts";
import type { Json } from "../json/json.ts";
import { expectEqual, expectTrue } from "./expectation.ts";
import { email } from "./samples.ts";

/** How what waits answers: it takes outcomes, can't be reached, or is not there any more. */
export type WaiterState = "waiting" | "unreachable" | "gone";

/** What a case needs of the resumer under test, and of something that waits for approvals by it. */
export interface ResumerHarness {
  resumer: Resumer;
  /** `source.ref` of approvals that the waiting thing asked for. */
  ref: Json;
  waiter(state: WaiterState): void | Promise<void>;
  /** Ids of the approvals whose outcomes took effect, in order. */
  resumed(): string[] | Promise<string[]>;
}

/** One thing that a resumer has to do. */
export interface ResumerCase {
  /** A sentence, to name a test by. */
  name: string;
  /** Throws when the resumer doesn't. */
  run(harness: ResumerHarness): Promise<void>;
}

const at = "2026-01-01T00:00:00.000Z";
const options = { signal: new AbortController().signal };

/** Handing outcomes to what waits for them. */
export const resumerCases: ResumerCase[] = [
  {
    name: "an outcome resumes what waits for it",
    async run(harness) {
      const resumption = outcomeOf(harness, "apr_1");
      expectEqual(await harness.resumer.deliver(resumption, options), "delivered", "the result");
      expectEqual(await harness.resumed(), ["apr_1"], "what was resumed");
    },
  },
  {
    name: "an outcome that is delivered twice resumes once",
    async run(harness) {
      const resumption = outcomeOf(harness, "apr_1");
      await harness.resumer.deliver(resumption, options);
      const again = await harness.resumer.deliver(resumption, options);
      expectTrue(again === "delivered" || again === "already_resolved", "a result that ends the delivery");
      expectEqual(await harness.resumed(), ["apr_1"], "what was resumed");
    },
  },
  {
    name: "what can't be reached is worth trying again, and is resumed then",
    async run(harness) {
      const resumption = outcomeOf(harness, "apr_1");
      await harness.waiter("unreachable");
      const error = await harness.resumer.deliver(resumption, options).catch((error: unknown) => error);
      expectTrue(error instanceof Error, "a rejection");
      expectTrue(!(error instanceof DeliveryError && error.permanent), "a failure that isn't permanent");
      await harness.waiter("waiting");
      await harness.resumer.deliver(resumption, options);
      expectEqual(await harness.resumed(), ["apr_1"], "what was resumed");
    },
  },
  {
    name: "what is not there any more is gone",
    async run(harness) {
      await harness.waiter("gone");
      expectEqual(await harness.resumer.deliver(outcomeOf(harness, "apr_1"), options), "gone", "the result");
      expectEqual(await harness.resumed(), [], "what was resumed");
    },
  },
  {
    name: "outcomes of a group arrive together",
    async run(harness) {
      const [one, two] = [outcomeOf(harness, "apr_1"), outcomeOf(harness, "apr_2")];
      const together = { ...one, group: "turn-1", approvals: [...one.approvals, ...two.approvals] };
      expectEqual(await harness.resumer.deliver(together, options), "delivered", "the result");
      expectEqual(await harness.resumed(), ["apr_1", "apr_2"], "what was resumed");
    },
  },
];

function outcomeOf({ resumer, ref }: ResumerHarness, approvalId: string): Resumption {
  const source = { engine: resumer.engine, ref };
  const pending = createApproval({ ...email, source }, { id: approvalId, tenantId: "acme", now: at });
  const { kind, outcome } = applyCancel(pending, { now: at, reason: "Not needed" });
  if (!outcome) throw new Error("expected an outcome");
  return { id: `dlv_${approvalId}`, tenantId: "acme", at, approvals: [{ approvalId, kind, source, outcome }] };
}
