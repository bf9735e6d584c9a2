/** One parameter an administrator can set: what it is called, what it takes, and what it does, in plain words. */
export interface ParameterKind {
  readonly name: string;
  readonly group: string;
  readonly help: string;
  readonly type: ParameterType;
  /** As stored: numbers in decimal, booleans as `true` or `false`. */
  readonly defaultValue: string;
}

export type ParameterType =
  | { readonly kind: 'number'; readonly minimum: number; readonly maximum: number; readonly unit?: string }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'text'; readonly maxLength: number; readonly pattern?: string };

export interface ServiceParameterKind extends ParameterKind {
  readonly service: string;
  /** May differ from node to node. */
  readonly perNode: boolean;
}

/** Undefined when the value fits the parameter, else what is wrong with it, as a sentence's end. */
export function complaintAbout(type: ParameterType, value: string): string | undefined {
  switch (type.kind) {
    case 'number': {
      const number = Number(value);
      if (!/^-?\d{1,9}$/.test(value)) return 'must be a whole number';
      return number < type.minimum || number > type.maximum
        ? `must be between ${type.minimum} and ${type.maximum}`
        : undefined;
    }
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : 'must be true or false';
    case 'choice':
      return type.choices.includes(value) ? undefined : `must be one of ${type.choices.join(', ')}`;
    case 'text':
      if (value.length > type.maxLength) return `must not be longer than ${type.maxLength} characters`;
      return type.pattern !== undefined && !new RegExp(type.pattern).test(value)
        ? 'does not have the right form'
        : undefined;
  }
}
