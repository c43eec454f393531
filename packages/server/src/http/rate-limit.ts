import { HoldpointError, type Viewer } from "@holdpoint/core";
import type { RequestHandler } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** How many requests one viewer may make. */
export interface RateLimit {
  requests: number;
  /** Length of the window in which they count; it opens with a viewer's first request. */
  seconds: number;
}

/** A thousand a second over a minute: no person and few programs get there, a runaway loop does. */
export const defaultRateLimit: RateLimit = { requests: 60_000, seconds: 60 };

/**
 * Answers 429 `rate_limited`, with `Retry-After` in seconds, once a viewer has used up its requests. Counts in this
 * process's memory, so each server of several grants the whole limit.
 */
export function limitRate(limit: RateLimit): RequestHandler {
  const limiter = new RateLimiterMemory({ points: limit.requests, duration: limit.seconds });
  return async (_req, res, next) => {
    const viewer: Viewer = res.locals.viewer;
    try {
      await limiter.consume(JSON.stringify([viewer.tenantId, viewer.id]));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const seconds = Math.ceil(refusal.msBeforeNext / 1000);
      res.set("Retry-After", String(seconds));
      throw new HoldpointError("rate_limited", `Too many requests; try again in ${seconds} s.`);
    }
    next();
  };
}
