import { type Branches, type BranchResult, HoldpointError, type RunContext } from "@holdpoint/core";
import type { RunScope } from "./run-scope.ts";

/** How branches are called, and closed. */
export interface BranchRace {
  /** The scope that the branches are part of. */
  scope: RunScope;
  /** Calls a branch with a context of its own. */
  call(scope: RunScope, branch: (run: RunContext) => Promise<unknown>): Promise<unknown>;
  /** Withdraws what a branch still waits for, since another came first. */
  drop(scope: RunScope, first: FirstBranch): void;
}

/** The branch that ended a race, and whether the race has failed with it. */
export interface FirstBranch {
  branch: string;
  failed: boolean;
}

/** Goes on with the first `count` of several branches to end, or with the failure of one. */
export function firstOf<B extends Branches>(
  { scope, call, drop }: BranchRace,
  count: number,
  branches: B,
): Promise<BranchResult<B>[]> {
  const open = new Map(Object.keys(branches).map((name) => [name, scope.branch()]));
  assertCount(count, open.size);
  return new Promise((resolve, reject) => {
    const ended: BranchResult<B>[] = [];
    const close = (first: FirstBranch) => {
      for (const loser of open.values()) drop(loser, first);
      open.clear();
    };
    for (const [name, branch] of [...open]) {
      call(branch, branches[name] as B[string]).then(
        (value) => {
          if (!open.delete(name)) return;
          ended.push({ branch: name, value } as BranchResult<B>);
          if (ended.length < count) return;
          close({ branch: name, failed: false });
          resolve(ended);
        },
        (error) => {
          if (!open.delete(name)) return;
          close({ branch: name, failed: true });
          reject(error);
        },
      );
    }
  });
}

function assertCount(count: number, branches: number): void {
  const refuse = (pointer: string, message: string) => {
    throw new HoldpointError("invalid_request", `${pointer.slice(1)}: ${message}.`, [{ pointer, message }]);
  };
  if (branches === 0) refuse("/branches", "must have at least one");
  if (!Number.isInteger(count) || count < 1) refuse("/count", "must be a whole number from 1");
  if (count > branches) refuse("/count", `must be at most ${branches}, the number of branches`);
}
