/** Time as an argument, so that machines are tables in tests. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}
