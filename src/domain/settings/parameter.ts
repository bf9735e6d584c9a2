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

/** Which sentence says what is wrong with a value, and the limits it names. */
export interface ParameterComplaint {
  readonly text: `invalid_value.parameter_${'number' | 'range' | 'boolean' | 'choice' | 'length' | 'form'}`;
  readonly values: { readonly least: number; readonly most: number; readonly choices: string };
}

/** Undefined when the value fits the parameter, else what is wrong with it. */
export function complaintAbout(type: ParameterType, value: string): ParameterComplaint | undefined {
  const complaint = (kind: 'number' | 'range' | 'boolean' | 'choice' | 'length' | 'form'): ParameterComplaint => ({
    text: `invalid_value.parameter_${kind}`,
    values: {
      least: type.kind === 'number' ? type.minimum : 0,
      most: type.kind === 'number' ? type.maximum : type.kind === 'text' ? type.maxLength : 0,
      choices: type.kind === 'choice' ? type.choices.join(', ') : '',
    },
  });
  switch (type.kind) {
    case 'number': {
      const number = Number(value);
      if (!/^-?\d{1,9}$/.test(value)) return complaint('number');
      return number < type.minimum || number > type.maximum ? complaint('range') : undefined;
    }
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : complaint('boolean');
    case 'choice':
      return type.choices.includes(value) ? undefined : complaint('choice');
    case 'text':
      if (value.length > type.maxLength) return complaint('length');
      return type.pattern !== undefined && !new RegExp(type.pattern).test(value) ? complaint('form') : undefined;
  }
}
