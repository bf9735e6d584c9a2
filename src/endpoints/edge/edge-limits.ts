import type { Rate } from '../listen/rate-limit.ts';

/** What one Expressway-E takes on. Many phones may stand behind one address translator, so bounds per source are wide. */
export interface EdgeLimits {
  /** HTTPS connections of phones, instead of what the process's connections allow. */
  readonly connections?: number;
  readonly connectionsPerSource?: number;
  /** New TLS connections by one source: each costs a handshake. */
  readonly handshakesPerSource: Rate;
  readonly requestsPerSource: Rate;
  /** Requests on their way inside at once; more are told to come back. */
  readonly inFlight: number;
  /** The same for SIP. */
  readonly sipFlows?: number;
  readonly sipFlowsPerSource?: number;
  /** Milliseconds a SIP connection may be silent in both directions. */
  readonly sipIdle: number;
  /** Milliseconds. */
  readonly handshakeTime: number;
  readonly headerTime: number;
  readonly requestTime: number;
  readonly keepAlive: number;
}

export const defaultEdgeLimits: EdgeLimits = {
  handshakesPerSource: { burst: 1_000, perSecond: 100 },
  requestsPerSource: { burst: 1_000, perSecond: 100 },
  inFlight: 512,
  sipIdle: 300_000,
  handshakeTime: 10_000,
  headerTime: 10_000,
  requestTime: 20_000,
  // A phone may take its time between start and prove.
  keepAlive: 65_000,
};

/** Octets of a request's head. */
export const largestHead = 8 * 1024;

/** Whole seconds; spread, so that those who are sent away do not come back together. */
export function retryAfter(least = 1, spread = 5): number {
  return least + Math.floor(Math.random() * spread);
}
