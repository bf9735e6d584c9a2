/** Randomness as an argument. Implementations must be a CSPRNG outside tests. */
export interface Random {
  bytes(length: number): Uint8Array;
  /** Uniform integer in [0, bound). bound ≤ 2^32. */
  below(bound: number): number;
  uuid(): string;
}
