import { toBase64url } from '../../kernel/bytes.ts';
import { integerField, octetsField, onlyMembers, parseObject, textField } from '../json/fields.ts';
import { locatorForm } from './fields.ts';
import { largestAnswer } from './limits.ts';

/** Phone and cloud, spec/mra.md "Phone ↔ cloud". Readers throw MalformedError; texts are JSON. */

export const resolvePath = '/v1/resolve';

export interface ResolveRequest {
  readonly locator: string;
  /** 32 octets, fresh: the answer carries them, so that an old one cannot be played back. */
  readonly cnonce: Uint8Array;
}

export function readResolve(text: string): ResolveRequest {
  const message = parseObject(text);
  onlyMembers(message, ['v', 'locator', 'cnonce']);
  integerField(message, 'v', 1, 1);
  return { locator: textField(message, 'locator', locatorForm), cnonce: octetsField(message, 'cnonce', 32) };
}

export function writeResolve(request: ResolveRequest): string {
  return JSON.stringify({ v: 1, locator: request.locator, cnonce: toBase64url(request.cnonce) });
}

/** The 200 answer; `answer` is the compact JWS of answer.ts. */
export function readResolveReply(text: string): { readonly answer: string } {
  const message = parseObject(text);
  onlyMembers(message, ['answer']);
  return { answer: textField(message, 'answer', new RegExp(`^[A-Za-z0-9_.-]{16,${largestAnswer}}$`)) };
}

export function writeResolveReply(reply: { readonly answer: string }): string {
  return JSON.stringify({ answer: reply.answer });
}
