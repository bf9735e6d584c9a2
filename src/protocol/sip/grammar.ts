import { MalformedError } from '../../kernel/errors.ts';

/** Name and raw value of one parameter; quotes are kept, so that what was read is what is written. Undefined value: a flag. */
export type Param = readonly [name: string, value: string | undefined];

const token = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** RFC 3261 §25.1 token. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/**
 * Cuts at a separator that stands outside quoted strings and angle brackets. Pieces are trimmed and may be empty.
 * @throws MalformedError on a quoted string or bracket that is not closed.
 */
export function splitOutside(text: string, separator: ',' | ';'): string[] {
  if (!text.includes('"') && !text.includes('<')) {
    return text.includes(separator) ? text.split(separator).map((piece) => piece.trim()) : [text.trim()];
  }
  const pieces: string[] = [];
  let from = 0;
  let quoted = false;
  let bracket = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (bracket) {
      if (c === '>') bracket = false;
    } else if (c === '"') quoted = true;
    else if (c === '<') bracket = true;
    else if (c === separator) {
      pieces.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  if (quoted) throw new MalformedError('a quoted string is not closed');
  if (bracket) throw new MalformedError('an angle bracket is not closed');
  pieces.push(text.slice(from).trim());
  return pieces;
}

/** Text of a quoted string without quotes and backslashes; other text unchanged. */
export function unquote(text: string): string {
  if (text.length < 2 || text[0] !== '"' || text[text.length - 1] !== '"') return text;
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

const quotedString = /^"(?:[^"\\]|\\[\s\S])*"$/;

export function isQuotedString(text: string): boolean {
  return quotedString.test(text);
}

// gen-value: token, host (an IPv6 reference included) or quoted string; slashes and colons occur in URN-like values of the field's Contacts.
const genericValue = /^(?:[A-Za-z0-9\-.!%*_+`'~:[\]/@]+|"(?:[^"\\]|\\[\s\S])*")$/;

/**
 * `;a=1;b` → [['a','1'],['b',undefined]]. Text is empty or starts with a semicolon; names keep their case.
 * @throws MalformedError on an empty parameter, a bad name or value, or a name given twice.
 */
export function parseParams(text: string): Param[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed[0] !== ';') throw new MalformedError('parameters start with a semicolon');
  const params: Param[] = [];
  for (const piece of splitOutside(trimmed.slice(1), ';')) {
    const equals = piece.indexOf('=');
    const name = equals < 0 ? piece : piece.slice(0, equals).trimEnd();
    if (!token.test(name)) throw new MalformedError('a parameter has no proper name');
    const lower = name.toLowerCase();
    for (const [other] of params) {
      if (other.toLowerCase() === lower) throw new MalformedError(`parameter ${name} is given twice`);
    }
    if (equals < 0) params.push([name, undefined]);
    else {
      const value = piece.slice(equals + 1).trimStart();
      if (!genericValue.test(value)) throw new MalformedError(`parameter ${name} has no proper value`);
      params.push([name, value]);
    }
  }
  return params;
}

export function formatParams(params: readonly Param[]): string {
  let text = '';
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** Unquoted value; '' for a flag, undefined when absent. Names compare without case. */
export function paramValue(params: readonly Param[], name: string): string | undefined {
  for (const [each, value] of params) {
    if (each.length === name.length && each.toLowerCase() === name.toLowerCase()) {
      return value === undefined ? '' : unquote(value);
    }
  }
  return undefined;
}

export function withParam(params: readonly Param[], name: string, value: string | undefined): Param[] {
  const kept = params.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
  kept.push([name, value]);
  return kept;
}

export function withoutParam(params: readonly Param[], name: string): Param[] {
  return params.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
}

/**
 * Digits only, at most `limit`.
 * @throws MalformedError otherwise; `what` names the field.
 */
export function parseNumber(text: string, limit: number, what: string): number {
  if (!/^[0-9]{1,10}$/.test(text)) throw new MalformedError(`${what} is not a number`);
  const value = Number(text);
  if (value > limit) throw new MalformedError(`${what} is too large`);
  return value;
}
