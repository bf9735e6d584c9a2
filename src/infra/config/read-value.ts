import type { Setting } from './settings.ts';

export type Value = string | number | boolean;

type Read = { readonly value: Value } | { readonly wrong: string };

/** A value of the file, the environment or the command line, or what is wrong with it. What is secret is not repeated. */
export function readValue(setting: Setting, raw: unknown): Read {
  const { kind } = setting;
  const shown = setting.secret ? '' : `, is ${JSON.stringify(raw)}`;
  switch (kind.kind) {
    case 'boolean': {
      const truth = { true: true, yes: true, '1': true, false: false, no: false, '0': false }[
        String(raw).toLowerCase()
      ];
      return truth === undefined ? { wrong: `must be true or false${shown}` } : { value: truth };
    }
    case 'integer': {
      const number = typeof raw === 'number' ? raw : /^\d+$/.test(String(raw)) ? Number(raw) : Number.NaN;
      const fits = Number.isInteger(number) && number >= kind.from && number <= kind.to;
      return fits ? { value: number } : { wrong: `must be a whole number from ${kind.from} to ${kind.to}${shown}` };
    }
    case 'one-of':
      return kind.values.includes(String(raw))
        ? { value: String(raw) }
        : { wrong: `must be one of ${kind.values.join(', ')}${shown}` };
    case 'path':
      return typeof raw === 'string' && raw !== '' && !raw.includes('\0')
        ? { value: raw }
        : { wrong: `must be a path${shown}` };
    case 'text': {
      if (typeof raw !== 'string' || !(kind.pattern?.test(raw) ?? true))
        return { wrong: `must be ${kind.meaning}${shown}` };
      const wrong = kind.wrong?.(raw);
      return wrong === undefined ? { value: raw } : { wrong: `must be ${kind.meaning}${shown}: ${wrong}` };
    }
  }
}
