import { equalBytes } from '../../kernel/bytes.ts';
import type { Certificate } from './certificate.ts';
import {
  findIssuerPath,
  type SignatureCheck,
  selfIssued,
  type TrustedCertificate,
  weakKey,
  weakSignature,
} from './mic-path.ts';
import type { RevocationList } from './revocation-list.ts';

/** Whose a list is, or why nobody's who counts. */
export type RevocationIssuer =
  | { readonly kind: 'found'; readonly issuer: TrustedCertificate }
  /** No certificate in CallManager-trust has that name and key, or it leads to no root of MICs. */
  | { readonly kind: 'unknown' }
  /** Its certificate does not let it sign lists. */
  | { readonly kind: 'not_allowed' }
  | { readonly kind: 'forged' }
  | { readonly kind: 'weak' };

const named = (list: RevocationList, { subject, subjectKeyId }: Certificate) =>
  equalBytes(subject, list.issuer) &&
  (list.authorityKeyId === undefined || subjectKeyId === undefined || list.authorityKeyId === subjectKeyId);

const mayList = ({ ca, keyUsage, unknownCritical }: Certificate) =>
  ca && (keyUsage === undefined || keyUsage.crlSign) && unknownCritical.length === 0;

/** The authority that signed a list, which must be one of CallManager-trust that vouches for MICs: a root, or below one (RFC 5280 §6.3.3). */
export function findRevocationIssuer(
  list: RevocationList,
  trusted: readonly TrustedCertificate[],
  check: SignatureCheck,
): RevocationIssuer {
  const candidates = trusted.filter(({ certificate }) => named(list, certificate));
  const rooted = candidates.flatMap((issuer) => {
    const root =
      issuer.micRoot && selfIssued(issuer.certificate)
        ? issuer
        : findIssuerPath(issuer.certificate, [], trusted, check)?.root;
    return root ? [{ issuer, root }] : [];
  });
  if (rooted.length === 0) return { kind: 'unknown' };
  const allowed = rooted.filter(({ issuer }) => mayList(issuer.certificate));
  if (allowed.length === 0) return { kind: 'not_allowed' };
  const signer = allowed.find(({ issuer }) => check.verifies(list, issuer.certificate));
  if (signer === undefined) return { kind: 'forged' };
  if (weakKey(signer.issuer.certificate) || weakSignature(list, signer.root)) return { kind: 'weak' };
  return { kind: 'found', issuer: signer.issuer };
}
