import { equalBytes } from '../../kernel/bytes.ts';
import { roleOf, type TrustRole } from '../../protocol/trust-list/trust-list.ts';
import type { HeldTrustList, HostPort } from '../boot/types.ts';
import { askTvs } from './tvs-client.ts';

export type TrustVerdict =
  | { readonly trusted: true; readonly by: 'ITL' | 'TVS' }
  /** `answered` false: TVS could not be asked, which may pass. */
  | { readonly trusted: false; readonly detail: string; readonly answered: boolean };

/** A judgement with everything but the certificate settled. */
export type TlsJudge = (certificate: Uint8Array, signal: AbortSignal) => Promise<TrustVerdict>;

export interface TrustQuestion {
  /** DER of the server's own certificate. */
  readonly certificate: Uint8Array;
  readonly trust: HeldTrustList | undefined;
  readonly tvs: readonly HostPort[];
  /** What TVS must vouch for. */
  readonly roles: readonly TrustRole[];
  /** What a record of the list must be for; undefined: anything. */
  readonly listRoles?: readonly TrustRole[];
  readonly deviceName: string;
  readonly signal: AbortSignal;
}

/** Whether a server may be spoken to: the trust list holds its certificate, or TVS vouches for it (spec/activation.md §4). */
export async function judge(question: TrustQuestion): Promise<TrustVerdict> {
  const { certificate, trust, tvs, roles, listRoles, deviceName, signal } = question;
  if (trust === undefined)
    return no('This phone has no trust list, so it cannot tell whether the server is the right one.');
  const held = trust.records.filter((record) => equalBytes(record.certificate, certificate));
  if (held.some((record) => listRoles === undefined || listRoles.includes(record.role)))
    return { trusted: true, by: 'ITL' };
  const answer = await askTvs({ servers: tvs, trust, deviceName, certificate, timeoutMs: 5000, signal });
  if (answer.type === 'unanswered') {
    return no(`The server's certificate is not in the trust list, and TVS cannot be asked. ${answer.detail}`, false);
  }
  const vouched = answer.verdict?.roles.some((role) => {
    const name = roleOf(role);
    return name !== undefined && roles.includes(name);
  });
  return vouched === true
    ? { trusted: true, by: 'TVS' }
    : no("The server's certificate is not in the trust list, and TVS does not vouch for it.");
}

function no(detail: string, answered = true): TrustVerdict {
  return { trusted: false, detail, answered };
}
