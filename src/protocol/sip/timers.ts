/** Timer values of RFC 3261 §17.1.1.1, milliseconds. */
export interface TimerValues {
  readonly t1: number;
  readonly t2: number;
  readonly t4: number;
}

export const standardTimers: TimerValues = { t1: 500, t2: 4000, t4: 5000 };
