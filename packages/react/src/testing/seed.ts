import type { ApprovalRequest, MemoryApprovals } from "@holdpoint/core";
import { cancelReason, defaultAge, type FixtureHistory, fixtureNow, momentAgo } from "./approval-fixture.ts";
import type { FakeClock } from "./fake-clock.ts";
import { people } from "./people.ts";

/** A request that has been made before the story begins, and what has happened to it since. */
export interface Seed extends FixtureHistory {
  request: ApprovalRequest;
}

interface Act {
  at: number;
  perform(): Promise<void>;
}

/** Makes the requests and gives the responses of `seeds`, each at its time; leaves the clock at {@link fixtureNow}. */
export async function sow(seeds: readonly Seed[], approvals: MemoryApprovals, clock: FakeClock): Promise<void> {
  const acts = seeds.flatMap((seed) => actsOf(seed, approvals)).sort((one, other) => one.at - other.at);
  for (const { at, perform } of acts) {
    clock.set(at);
    await perform();
  }
  clock.set(fixtureNow);
}

function actsOf(
  { request, age = defaultAge, decisions = [], claim, cancelled }: Seed,
  approvals: MemoryApprovals,
): Act[] {
  let id = "";
  const asked: Act = {
    at: momentAgo(age),
    async perform() {
      id = (await approvals.as(people.agent).request(request)).id;
    },
  };
  const decided = decisions.map(
    ({ by, ago = "1m", ...response }): Act => ({
      at: momentAgo(ago),
      async perform() {
        const { digest } = await approvals.as(by).get(id);
        await approvals.as(by).respond(id, { ...response, digest }, { via: "ui" });
      },
    }),
  );
  const claimed = (claim ? [claim] : []).map(
    ({ by, ago = "1m", ...input }): Act => ({
      at: momentAgo(ago),
      async perform() {
        await approvals.as(by).claim(id, input);
      },
    }),
  );
  const withdrawn: Act = {
    at: fixtureNow,
    async perform() {
      await approvals.as(people.agent).cancel(id, { reason: cancelReason });
    },
  };
  return [asked, ...decided, ...claimed, ...(cancelled ? [withdrawn] : [])];
}
