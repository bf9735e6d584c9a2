import { fromBase64url, toBase64url } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';

/** A DER certificate as RFC 4648 §4 base64 with padding: the form of RFC 7515's `x5c`. */
export function derText(der: Uint8Array): string {
  const text = toBase64url(der).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** Canonical base64 with padding only. Throws MalformedError naming `name`. */
export function derOf(text: string, name: string): Uint8Array {
  const form = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text);
  const bytes =
    form && text.length % 4 === 0 ? fromBase64url(form[1]!.replaceAll('+', '-').replaceAll('/', '_')) : undefined;
  if (bytes === undefined || bytes.length === 0) throw new MalformedError(`${name} is not base64`);
  return bytes;
}
