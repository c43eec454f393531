import { type GroupMembers, HoldpointError } from "@holdpoint/core";
import { within } from "../clock.ts";
import type { Context } from "../context.ts";
import type { Transaction } from "../store/store.ts";
import type { FailingLookups } from "./failing-lookups.ts";

/** Looks up group members: user ids by group. Omit unknown groups. */
export type LookUpGroups = (
  tenantId: string,
  groups: readonly string[],
) => Promise<Readonly<Record<string, readonly string[]>>>;

/** How long the host may take, ms. */
const patienceMs = 5_000;

/** How often a unit of work is begun again because it turned out to need further groups. */
const mostLookups = 3;

/** Thrown in a transaction, to undo it: it can't go on before the host was asked, which has to be done outside. */
class MembersNeededError extends Error {
  override readonly name = "MembersNeededError";
  readonly groups: readonly string[];

  constructor(groups: readonly string[]) {
    super(`The members of ${groups.join(", ")} have to be known.`);
    this.groups = groups;
  }
}

/** The members of one tenant's groups, for as long as one command takes; each group is looked up once. */
export class GroupLookup {
  readonly #ctx: Context;
  readonly #tenantId: string;
  readonly #failing: FailingLookups | undefined;
  readonly #asked = new Map<string, Promise<readonly string[] | undefined>>();
  readonly #known = new Map<string, readonly string[] | undefined>();

  /** @param failing what is not to be asked for the time being; people who decide always have the host asked */
  constructor(ctx: Context, tenantId: string, failing?: FailingLookups) {
    this.#ctx = ctx;
    this.#tenantId = tenantId;
    this.#failing = failing;
  }

  /**
   * The members of groups, for a unit of work of {@link write}, which starts over once they are known. None where the
   * host looks nobody up.
   */
  members(groups: readonly string[]): GroupMembers {
    if (!this.#ctx.groupMembers) return {};
    const unknown = groups.filter((group) => !this.#known.has(group));
    if (unknown.length > 0) throw new MembersNeededError(unknown);
    return Object.fromEntries(groups.map((group) => [group, this.#known.get(group) ?? []]));
  }

  /**
   * Runs `work` in one transaction. Where it needs members that aren't known yet it is undone, and run again after the
   * host has looked them up, on what is stored by then.
   *
   * @throws {HoldpointError} `unavailable` when the host's lookup fails or takes too long
   */
  async write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let lookups = 0; ; lookups++) {
      try {
        return await this.#ctx.store.write(work);
      } catch (error) {
        if (!(error instanceof MembersNeededError)) throw error;
        if (lookups === mostLookups) throw unavailable("The approval changes too fast");
        await this.#learn(error.groups);
      }
    }
  }

  async #learn(groups: readonly string[]): Promise<void> {
    const missing = groups.filter((group) => !this.#asked.has(group));
    if (missing.length > 0) {
      const answer = this.#ask(missing);
      for (const group of missing) {
        const members = answer.then((all) => (Object.hasOwn(all, group) ? all[group] : undefined));
        members.catch(() => this.#asked.delete(group));
        this.#asked.set(group, members);
      }
    }
    await Promise.all(groups.map(async (group) => this.#known.set(group, await this.#asked.get(group))));
  }

  async #ask(groups: readonly string[]): Promise<GroupMembers> {
    if (this.#failing?.until(this.#tenantId, groups) !== undefined) throw untold(groups);
    const { clock, logger, groupMembers } = this.#ctx;
    try {
      const members = checked(await within(clock, patienceMs, () => groupMembers?.(this.#tenantId, groups), tooLate));
      this.#failing?.answered(this.#tenantId, groups);
      return members;
    } catch (error) {
      this.#failing?.failed(this.#tenantId, groups);
      logger.error({ err: error, tenantId: this.#tenantId, groups }, "the host's groupMembers failed");
      throw untold(groups);
    }
  }
}

function tooLate(): Error {
  return new Error(`groupMembers took longer than ${patienceMs} ms.`);
}

function checked(answer: unknown): GroupMembers {
  const isRecord = typeof answer === "object" && answer !== null && !Array.isArray(answer);
  const isPeople = (members: unknown) => Array.isArray(members) && members.every((id) => typeof id === "string");
  if (isRecord && Object.values(answer).every(isPeople)) return answer as GroupMembers;
  throw new Error("groupMembers must resolve to an object of group → user ids.");
}

function untold(groups: readonly string[]): HoldpointError {
  return unavailable(`The members of ${groups.map((group) => `"${group}"`).join(", ")} can't be looked up right now`);
}

function unavailable(reason: string): HoldpointError {
  return new HoldpointError("unavailable", `${reason}; nothing was decided. Try again in a moment.`);
}
