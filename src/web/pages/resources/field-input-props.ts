import type { FieldDefinition, FieldLimits } from './definitions.ts';

export interface FieldInputProps {
  readonly field: FieldDefinition;
  readonly limits: FieldLimits;
  readonly label: string;
  readonly help: string | undefined;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly disabled: boolean;
  readonly required: boolean;
  readonly onChange: (value: unknown) => void;
}
