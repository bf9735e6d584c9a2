import { fromBase64url } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { type JsonObject, type JsonValue, parseStrictJson } from './strict-json.ts';

/** Readers of one message's members. Every one throws MalformedError naming the member. */

export function parseObject(text: string): JsonObject {
  return asObject(parseStrictJson(text), 'message');
}

export function asObject(value: JsonValue | undefined, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedError(`${name} is not an object`);
  return value as JsonObject;
}

/** Refuses members that are not listed. */
export function onlyMembers(object: JsonObject, allowed: readonly string[]): void {
  for (const name of Object.keys(object)) {
    if (!allowed.includes(name)) throw new MalformedError(`unknown member ${JSON.stringify(name.slice(0, 40))}`);
  }
}

export function textField(object: JsonObject, name: string, form?: RegExp): string {
  const value = object[name];
  if (typeof value !== 'string')
    throw new MalformedError(value === undefined ? `${name} is missing` : `${name} is not a text`);
  if (form && !form.test(value)) throw new MalformedError(`${name} has not the required form`);
  return value;
}

export function oneOf<T extends string>(object: JsonObject, name: string, values: readonly T[]): T {
  const value = textField(object, name);
  if (!(values as readonly string[]).includes(value))
    throw new MalformedError(`${name} must be one of ${values.join(', ')}`);
  return value as T;
}

export function integerField(object: JsonObject, name: string, from: number, to: number): number {
  const value = object[name];
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new MalformedError(`${name} is not a whole number`);
  if (value < from || value > to) throw new MalformedError(`${name} is out of range`);
  return value;
}

export function booleanField(object: JsonObject, name: string): boolean {
  const value = object[name];
  if (typeof value !== 'boolean') throw new MalformedError(`${name} is not true or false`);
  return value;
}

/** Unpadded base64url of exactly `length` octets, or between two lengths. */
export function octetsField(object: JsonObject, name: string, length: number, atMost = length): Uint8Array {
  const bytes = fromBase64url(textField(object, name));
  if (bytes === undefined) throw new MalformedError(`${name} is not unpadded base64url`);
  if (bytes.length < length || bytes.length > atMost) {
    throw new MalformedError(`${name} must have ${length === atMost ? length : `${length} to ${atMost}`} octets`);
  }
  return bytes;
}

export function listField<T>(object: JsonObject, name: string, read: (item: JsonValue) => T, most = 64): readonly T[] {
  const value = object[name];
  if (!Array.isArray(value)) throw new MalformedError(`${name} is not a list`);
  if (value.length > most) throw new MalformedError(`${name} is too long`);
  return value.map(read);
}
