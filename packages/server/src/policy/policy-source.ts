import { brokenPolicy, HoldpointError, isPolicy, type Policy } from "@holdpoint/core";
import type { Logger } from "pino";
import { type Clock, within } from "../clock.ts";

/** A policy, or what gives each tenant its own. */
export type PolicyOption = Policy | ((tenantId: string) => Policy | Promise<Policy>);

/** Where the policy of a tenant comes from. */
export interface PolicySource {
  /**
   * The policy for a request that comes now. Call it before the transaction: a transaction must await nothing but the
   * database. When the host's function throws, takes too long or returns something else, people decide.
   */
  policyOf(tenantId: string): Policy | undefined | Promise<Policy>;
}

/** How long a host's function may take, ms. */
export const policyPatienceMs = 2_000;

/** @throws {HoldpointError} `invalid_request` when the option is no policy */
export function createPolicySource(option: PolicyOption | undefined, clock: Clock, logger: Logger): PolicySource {
  if (typeof option !== "function") {
    if (option !== undefined && !isPolicy(option)) throw new HoldpointError("invalid_request", notPolicy);
    return { policyOf: () => option };
  }
  return {
    async policyOf(tenantId) {
      try {
        const policy = await within(clock, policyPatienceMs, () => option(tenantId), tooLate);
        if (isPolicy(policy)) return policy;
        throw new TypeError(notPolicy);
      } catch (error) {
        logger.error({ err: error, tenantId }, "the policy function failed; people decide instead");
        return brokenPolicy(error);
      }
    },
  };
}

const notPolicy = "policy must be what definePolicy or parsePolicy returns, or a function that gives such a policy.";

function tooLate(): Error {
  return new Error(`The policy function took longer than ${policyPatienceMs} ms.`);
}
