import type { Decision } from '../../domain/registration/decide.ts';
import { utf8 } from '../../kernel/bytes.ts';
import type { ResponseParts } from '../../protocol/sip/build.ts';
import type { RegisterContact } from '../../protocol/sip/contact.ts';
import { bulkRegisterResponse, remoteccResponseType } from '../../protocol/sip/remotecc.ts';

/** What a REGISTER that was granted is answered (RFC 3261 §10.3 step 8). */
export function accepted(outcome: Decision & { kind: 'accepted' }, bulk: boolean): ResponseParts {
  const fresh = outcome.fresh && outcome.put.length > 0 ? ';x-cisco-newreg' : '';
  const headers: (readonly [string, string])[] = outcome.listed.map(({ binding, seconds }) => [
    'Contact',
    `<${binding.contact}>;expires=${seconds}${outcome.put.includes(binding) ? fresh : ''}`,
  ]);
  // Who only asked, or ended one of several, reads each Contact's own.
  if (outcome.expires > 0 || outcome.listed.length === 0) headers.push(['Expires', String(outcome.expires)]);
  headers.push(['Supported', 'X-cisco-srtp-fallback,X-cisco-sis-9.1.0']);
  if (!bulk || outcome.expires === 0) return { status: 200, headers };
  headers.push(['Content-Type', remoteccResponseType]);
  return { status: 200, headers, body: utf8(bulkRegisterResponse()) };
}

/** Contacts as they came, for an answer that binds nothing. */
export function contactLines(
  contacts: readonly RegisterContact[] | undefined,
  expires: number,
): (readonly [string, string])[] {
  return (contacts ?? []).map((each) => ['Contact', `<${each.address.uriText}>;expires=${expires};cisco-keep-alive`]);
}
