/** Holds back restart storms: how many new registrations a node takes, growing while it lasts. Refreshes are never held back. */
export interface AdmissionRamp {
  readonly tokens: number;
  /** New registrations per second now. */
  readonly rate: number;
  readonly at: number;
}

export interface AdmissionPolicy {
  /** New registrations per second just after the start. */
  readonly initialRate: number;
  /** Where growth ends. */
  readonly fullRate: number;
  /** Time in which the rate doubles, ms. */
  readonly doublingMs: number;
  /** Retry-After is drawn from this range, seconds, so that those turned away do not come back together. */
  readonly retryAfter: readonly [least: number, most: number];
}

export const defaultAdmission: AdmissionPolicy = {
  initialRate: 500,
  fullRate: 20_000,
  doublingMs: 2_000,
  retryAfter: [3, 20],
};

export function startAdmission(policy: AdmissionPolicy, now: number): AdmissionRamp {
  return { tokens: policy.initialRate, rate: policy.initialRate, at: now };
}

/** Takes one token. `below` draws a uniform integer in [0, bound). */
export function admit(
  ramp: AdmissionRamp,
  policy: AdmissionPolicy,
  now: number,
  below: (bound: number) => number,
): { readonly ramp: AdmissionRamp; readonly retryAfter: number | undefined } {
  const elapsed = Math.max(0, now - ramp.at);
  const rate = Math.min(policy.fullRate, ramp.rate * 2 ** (elapsed / policy.doublingMs));
  const tokens = Math.min(rate, ramp.tokens + (elapsed / 1000) * rate);
  if (tokens >= 1) return { ramp: { tokens: tokens - 1, rate, at: now }, retryAfter: undefined };
  const [least, most] = policy.retryAfter;
  return { ramp: { tokens, rate, at: now }, retryAfter: least + below(most - least + 1) };
}
