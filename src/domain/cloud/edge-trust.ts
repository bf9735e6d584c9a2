import { equalBytes } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
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
      (certificates.slice(0, place).some((other) => equalBytes(other, der)) ? 'is there twice' : undefined);
    if (problem === undefined) return;
    throw new CloudFault(
      'caller',
      'trust_not_accepted',
      `Certificate ${place + 1} of the PhoneEdge-trust set ${problem}.`,
      {
        field: `certificates[${place}]`,
        remedy:
          'Correct PhoneEdge-trust on the cluster: it holds the certificates of the authorities that signed those of Expressway-E, or its self-signed one.',
      },
    );
  });
}

function problemOf(der: Uint8Array, now: number): string | undefined {
  let certificate: Certificate;
  try {
    certificate = readCertificate(der);
  } catch (error) {
    if (error instanceof MalformedError) return 'is not an X.509 certificate';
    throw error;
  }
  const selfIssued = equalBytes(certificate.issuer, certificate.subject);
  if (!selfIssued && (!certificate.ca || certificate.keyUsage?.keyCertSign === false)) {
    return 'is neither that of a certificate authority nor self-signed';
  }
  if (certificate.unknownCritical.length > 0) return 'has a critical extension that phones do not know';
  if (certificate.notAfter < now) return 'has ended';
  if (weakKey(certificate)) return 'has a key that is too weak';
  const { hash } = certificate.signatureAlgorithm;
  // A root's own signature proves nothing and so may be of any kind (RFC 5280 §6.1 starts at its key).
  if (!selfIssued && (hash === 'sha1' || hash === 'other')) {
    return 'is signed with a hash that is too weak';
  }
  return undefined;
}

function weakKey({ key }: Certificate): boolean {
  if (key.kind === 'rsa') return key.bits < 2048 || key.bits > 8192 || !key.soundExponent;
  return key.kind === 'other' || key.curve === 'other';
}
