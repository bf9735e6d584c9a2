import { hash, X509Certificate } from 'node:crypto';
import { readCertificate } from '../../domain/trust/certificate.ts';
import type { TrustedCertificate } from '../../domain/trust/mic-path.ts';
import { findRevocationIssuer } from '../../domain/trust/revocation-issuer.ts';
import {
  type RevocationListFlaw,
  readRevocationList,
  revocationLimits,
  UnfitRevocationList,
} from '../../domain/trust/revocation-list.ts';
import { fingerprintLength, packFingerprints, revocationName } from '../../domain/trust/revoked.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { revocationFingerprint, signatureCheck } from '../crypto/issuer-signature.ts';
import { oneLine } from './read-certificate.ts';

/** What the thread is given: the upload, and CallManager-trust. */
export interface RevocationListJob {
  readonly octets: Uint8Array;
  readonly trusted: readonly (Omit<TrustedCertificate, 'certificate'> & { readonly der: Uint8Array })[];
}

/** What a list comes to, as plain data. Times in milliseconds since the epoch. */
export interface RevocationListFound {
  readonly id: string;
  readonly issuer: string;
  readonly issuerSha256: string;
  readonly number: string | null;
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly partial: boolean;
  readonly entries: number;
  readonly sha256: string;
  readonly der: Uint8Array;
  readonly revoked: Uint8Array;
}

export type RevocationListRefusal = 'unreadable' | 'unknown' | 'not_allowed' | 'forged' | 'weak' | RevocationListFlaw;

export type RevocationListOutcome =
  | { readonly kind: 'list'; readonly list: RevocationListFound }
  | { readonly kind: 'refused'; readonly refusal: RevocationListRefusal };

/** DER, or PEM with exactly one list (RFC 7468 §6). Throws MalformedError. */
function derOf(octets: Uint8Array): Uint8Array {
  if (octets[0] === 0x30) return octets;
  const text = Buffer.from(octets).toString('latin1');
  const blocks = [...text.matchAll(/-----BEGIN (?:X509 )?CRL-----([^-]*)-----END (?:X509 )?CRL-----/g)];
  const base64 = blocks[0]?.[1]?.replace(/\s+/g, '') ?? '';
  if (text.split('-----BEGIN').length !== 2 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    throw new MalformedError('neither DER nor one PEM block');
  return Buffer.from(base64, 'base64');
}

/** Reads a list and says whose it is. The signature is checked before the first entry is looked at. Takes its time with long lists. */
export function doRevocationListJob({ octets, trusted }: RevocationListJob): RevocationListOutcome {
  const refused = (refusal: RevocationListRefusal): RevocationListOutcome => ({ kind: 'refused', refusal });
  try {
    const der = derOf(octets);
    if (der.length > revocationLimits.octets) return refused('too_many');
    const list = readRevocationList(der);
    const found = findRevocationIssuer(
      list,
      trusted.map(({ der: certificate, ...each }) => ({ ...each, certificate: readCertificate(certificate) })),
      signatureCheck(),
    );
    if (found.kind !== 'found') return refused(found.kind);
    const { certificate, sha256 } = found.issuer;
    const revoked = packFingerprints(
      [...list.revoked()].map((serialNumber) =>
        revocationFingerprint(revocationName({ issuer: list.issuer, serialNumber })),
      ),
    );
    const hex = (...parts: readonly Uint8Array[]) => hash('sha256', Buffer.concat(parts), 'hex');
    return {
      kind: 'list',
      list: {
        // DER carries its lengths: the three cannot be cut in another way.
        id: hex(list.issuer, certificate.spki, list.scope),
        issuer: oneLine(new X509Certificate(certificate.der).subject),
        issuerSha256: Buffer.from(sha256).toString('hex'),
        number: list.number?.toString() ?? null,
        thisUpdate: list.thisUpdate,
        nextUpdate: list.nextUpdate ?? null,
        partial: list.scope.length > 0,
        entries: revoked.length / fingerprintLength,
        sha256: hex(der),
        der,
        revoked,
      },
    };
  } catch (error) {
    if (error instanceof UnfitRevocationList) return refused(error.flaw);
    if (error instanceof MalformedError) return refused('unreadable');
    throw error;
  }
}
