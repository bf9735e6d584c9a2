import { equalBytes } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { SentenceId } from '../../texts/say.ts';
import { say } from '../../texts/say.ts';
import { type Certificate, readCertificate } from '../trust/certificate.ts';
import { CloudFault } from './cloud-fault.ts';

/**
 * PhoneEdge-trust as a phone can use it: certificates of authorities, or self-signed ones of an edge; strictly
 * readable, strong enough, not over. Throws CloudFault
 * `trust_not_accepted` that names the place (from 0) of the first that is not. `now`: milliseconds since the epoch. Sizes are the wire codec's matter.
 */
export function judgeEdgeTrust(certificates: readonly Uint8Array[], now: number): void {
  certificates.forEach((der, place) => {
    const problem =
      problemOf(der, now) ??
      (certificates.slice(0, place).some((other) => equalBytes(other, der)) ? 'trust_not_accepted.twice' : undefined);
    if (problem === undefined) return;
    throw new CloudFault('caller', say(problem, { place: place + 1 }), { field: `certificates[${place}]` });
  });
}

type TrustProblem = Extract<SentenceId, `trust_not_accepted${string}`>;

function problemOf(der: Uint8Array, now: number): TrustProblem | undefined {
  let certificate: Certificate;
  try {
    certificate = readCertificate(der);
  } catch (error) {
    if (error instanceof MalformedError) return 'trust_not_accepted.unreadable';
    throw error;
  }
  const selfIssued = equalBytes(certificate.issuer, certificate.subject);
  if (!selfIssued && (!certificate.ca || certificate.keyUsage?.keyCertSign === false)) {
    return 'trust_not_accepted';
  }
  if (certificate.unknownCritical.length > 0) return 'trust_not_accepted.critical';
  if (certificate.notAfter < now) return 'trust_not_accepted.ended';
  if (weakKey(certificate)) return 'trust_not_accepted.weak_key';
  const { hash } = certificate.signatureAlgorithm;
  // A root's own signature proves nothing and so may be of any kind (RFC 5280 §6.1 starts at its key).
  if (!selfIssued && (hash === 'sha1' || hash === 'other')) {
    return 'trust_not_accepted.weak_hash';
  }
  return undefined;
}

function weakKey({ key }: Certificate): boolean {
  if (key.kind === 'rsa') return key.bits < 2048 || key.bits > 8192 || !key.soundExponent;
  return key.kind === 'other' || key.curve === 'other';
}
