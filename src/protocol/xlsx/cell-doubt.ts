/** A cell whose stored value is not what a person sees in it. */
export interface CellDoubt {
  /** 0-based. */
  readonly column: number;
  readonly reason: 'date' | 'format' | 'precision' | 'error' | 'boolean' | 'formula' | 'text_format';
  /** null: it cannot be told here. */
  readonly shown: string | null;
  readonly stored: string;
  /** The number format, where it is the reason. */
  readonly format: string | null;
}
