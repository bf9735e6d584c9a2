import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import { RequestFault } from './request-fault.ts';

/** Gives back the value (texts of a query turned into what the schema wants); throws RequestFault naming the field. */
export type Check = (value: unknown) => unknown;

/** `coerce` is for query and path, where everything arrives as text; bodies mean what they say. */
export function checkFor(schema: TSchema, { coerce }: { coerce: boolean }): Check {
  let compiled: ReturnType<typeof Compile> | undefined;
  return (given) => {
    // Hundreds of routes, of which a start needs none: compiled at the first request.
    compiled ??= Compile(schema);
    const validator = compiled;
    refuseBadText(given, '');
    const value = coerce ? validator.Convert(given) : given;
    if (validator.Check(value)) return value;
    throw explain(validator.Errors(value) as readonly SchemaError[], value);
  };
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
}

function explain(errors: readonly SchemaError[], value: unknown): RequestFault {
  // `boolean` only repeats an unknown member; branches of a union say less than the union's own error.
  const error = errors.find((each) => each.keyword === 'additionalProperties') ??
    errors.find((each) => each.keyword === 'required') ??
    errors.find((each) => each.keyword === 'anyOf') ??
    errors.find((each) => each.keyword !== 'boolean') ?? {
      keyword: '',
      instancePath: '',
      params: {},
      message: 'is not allowed',
    };
  const at = fieldName(error.instancePath, value);
  const inside = (member: unknown) => (at === '' ? String(member) : `${at}.${String(member)}`);
  switch (error.keyword) {
    case 'required': {
      const field = inside(first(error.params['requiredProperties']));
      return new RequestFault('caller', say('missing_field', { field }), { field });
    }
    case 'additionalProperties': {
      const field = inside(first(error.params['additionalProperties']));
      return new RequestFault('caller', say('unknown_field', { field }), { field });
    }
    case 'type':
      return wrong(
        at,
        say(at === '' ? 'wrong_type.body' : 'wrong_type', { field: at, type: expected(error.params['type']) }),
      );
    default:
      return wrong(at, reason(error, at));
  }
}

const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : '');

function expected(type: unknown): string {
  const words: Record<string, string> = {
    object: 'an object',
    array: 'a list',
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    null: 'null',
  };
  return typeof type === 'string' ? (words[type] ?? type) : 'of another type';
}

const wrong = (at: string, sentence: Sentence<'wrong_type' | 'invalid_value'>) =>
  new RequestFault('caller', sentence, at === '' ? {} : { field: at });

function reason(error: SchemaError, field: string): Sentence<'invalid_value'> {
  const where = field === '' ? '.body' : '';
  switch (error.keyword) {
    case 'enum': {
      const allowed = error.params['allowedValues'];
      if (!Array.isArray(allowed)) break;
      const choices = allowed.map((each) => JSON.stringify(each)).join(', ');
      return say(`invalid_value.choice${where}`, { field, choices });
    }
    case 'anyOf':
      return say(`invalid_value.none_of${where}`, { field });
    case 'pattern':
      return say(`invalid_value.form${where}`, { field });
  }
  return say(`invalid_value.schema${where}`, { field, reason: error.message });
}

/** JSON pointer → the way people write it: `/lines/0/directoryNumber` → `lines[0].directoryNumber`. */
function fieldName(pointer: string, value: unknown): string {
  let name = '';
  let at: unknown = value;
  for (const raw of pointer.split('/').slice(1)) {
    const part = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) name += `[${part}]`;
    else name += name === '' ? part : `.${part}`;
    at = (at as Record<string, unknown> | null | undefined)?.[part];
  }
  return name;
}

/** PostgreSQL stores no NUL, and a lone surrogate has no UTF-8. Depth is bounded so that a nest of brackets costs nothing. */
function refuseBadText(value: unknown, field: string, depth = 0): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      throw new RequestFault('caller', say('invalid_text', { field }), { ...(field === '' ? {} : { field }) });
  } else if (typeof value === 'object' && value !== null) {
    if (depth > 16) throw new RequestFault('caller', say('invalid_value.too_deep'));
    for (const [key, member] of Object.entries(value)) {
      const inner = Array.isArray(value) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`;
      if (!Array.isArray(value)) refuseBadText(key, inner.replaceAll('\0', '').toWellFormed(), depth + 1);
      refuseBadText(member, inner, depth + 1);
    }
  }
}
