import { createIds, type Workflow } from "@holdpoint/core";
import type { KyselyPlugin } from "kysely";
import { type Logger, pino } from "pino";
import { type Clock, systemClock } from "../clock.ts";
import type { Context } from "../context.ts";
import type { HostDatabase } from "../database/database.ts";
import { type DeliveryFailpoint, DeliverySender, type SenderOptions } from "../deliveries/delivery-sender.ts";
import { createOutbox, type OutboxOptions } from "../deliveries/outbox.ts";
import { createPolicySource, type PolicyOption } from "../policy/policy-source.ts";
import { openStore } from "../store/open-store.ts";
import type { ImmediateResumer, Store } from "../store/store.ts";
import type { Failpoint } from "../store/writer.ts";
import { createApprovalDeadlines } from "../timers/approval-deadlines.ts";
import { createDeadlines, type Deadlines } from "../timers/deadlines.ts";
import type { RunFailpoint } from "./failpoint.ts";
import { createRuns, type Runs, type RunsOptions } from "./runs.ts";

/** What a node is made of. */
export interface NodeOptions extends Partial<Omit<RunsOptions, "workflows" | "deadlines" | "failpoint">> {
  workflows: readonly Workflow[];
  clock?: Clock;
  outbox?: OutboxOptions;
  policy?: PolicyOption;
  deliveries?: SenderOptions;
  /** Default: says nothing. */
  logger?: Logger;
  /** Sees everything that is read outside transactions. */
  reading?: KyselyPlugin;
  /** Of the store and of the runs. */
  failpoint?: (
    name: Parameters<Failpoint>[0] | Parameters<RunFailpoint>[0] | Parameters<DeliveryFailpoint>[0],
  ) => void | Promise<void>;
}

/** The part of a server that executes runs, on a database that others may share. */
export interface RunsNode extends AsyncDisposable {
  readonly ctx: Context;
  readonly store: Store;
  readonly runs: Runs;
  readonly deadlines: Deadlines;
  /** Lets go of the database without finishing or giving back anything, as a process that is killed does. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens a node and starts its worker. */
export async function startNode(database: string | HostDatabase, options: NodeOptions): Promise<RunsNode> {
  const store = await openStore({ database, failpoint: options.failpoint });
  try {
    return await startOn(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Nothing is started before all is made: options that are refused leave nothing at work. */
async function startOn(
  opened: Store,
  { workflows, clock = systemClock, policy, logger = pino({ level: "silent" }), reading, ...options }: NodeOptions,
): Promise<RunsNode> {
  const store = reading ? { ...opened, reader: opened.reader.withPlugin(reading) } : opened;
  const resumers = new Map<string, ImmediateResumer>();
  const ctx: Context = {
    store,
    clock,
    newId: createIds({ now: clock.now }),
    logger,
    policies: createPolicySource(policy, clock, logger),
    resumers,
    outbox: createOutbox(options.outbox),
  };
  const deadlines = createDeadlines(ctx);
  deadlines.add(createApprovalDeadlines(ctx));
  const sender = new DeliverySender(ctx, {
    wakeBy: deadlines.nudge.bind(deadlines),
    ...options.deliveries,
    failpoint: options.failpoint,
  });
  deadlines.add(sender);
  const runs = createRuns(ctx, { workflows, deadlines, ...options });
  resumers.set(runs.resumer.engine, runs.resumer);
  sender.start();
  deadlines.start();
  await runs.startWorker();
  let open = true;
  const close = async (deadlineMs: number) => {
    if (!open) return;
    open = false;
    await deadlines.stop();
    await sender.stop({ deadlineMs });
    await runs.stopWorker({ deadlineMs });
    await store.close();
  };
  return {
    ctx,
    store,
    runs,
    deadlines,
    async crash() {
      open = false;
      await deadlines.stop();
      await store.close();
      void sender.stop({ deadlineMs: 0 });
      void runs.stopWorker({ deadlineMs: 0 });
    },
    stop: () => close(5_000),
    // A test that fails leaves steps that wait for it, and a clock that stands still would wait for them for ever.
    [Symbol.asyncDispose]: () => close(clock === systemClock ? 1_000 : 0),
  };
}
