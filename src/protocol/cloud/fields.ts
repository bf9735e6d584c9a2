import { MalformedError } from '../../kernel/errors.ts';
import { octetsField, textField } from '../json/fields.ts';
import type { JsonObject } from '../json/strict-json.ts';

/** Readers that the cloud's messages share. All throw MalformedError naming the member. */

export const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const locatorForm = /^[0-9]{7}$/;
/** A DNS name of at least two labels, lower case, as a phone looks it up. */
export const domainForm =
  /^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What a person calls a cluster or a cloud: no control characters. */
export const nameForm = /^(?!\s)[^\p{Cc}]{1,128}$/u;

const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

/** RFC 3339 in UTC; milliseconds since the epoch. */
export function instantField(object: JsonObject, name: string): number {
  const at = Date.parse(textField(object, name, instantForm));
  if (Number.isNaN(at)) throw new MalformedError(`${name} is no such time`);
  return at;
}

export function optional<T>(
  object: JsonObject,
  name: string,
  read: (object: JsonObject, name: string) => T,
): T | undefined {
  return object[name] === undefined ? undefined : read(object, name);
}

/** Like `optional`, for members that are always there and may be null. */
export function nullable<T>(
  object: JsonObject,
  name: string,
  read: (object: JsonObject, name: string) => T,
): T | undefined {
  return object[name] === null ? undefined : read(object, name);
}

export function sha256Field(object: JsonObject, name: string): Uint8Array {
  return octetsField(object, name, 32);
}

/** One element of a list of octets: read as a member, so that the errors name it. */
export function octetsItem(item: unknown, name: string, atLeast: number, atMost: number): Uint8Array {
  return octetsField({ [name]: item as string }, name, atLeast, atMost);
}
