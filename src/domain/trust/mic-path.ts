import { equalBytes } from '../../kernel/bytes.ts';
import type { Certificate, SignedByIssuer } from './certificate.ts';
import { type MicSubject, readMicSubject } from './mic-subject.ts';
import type { RevokedCertificates } from './revoked.ts';

/** Why a MIC is not accepted. The codes are those of spec/activation.md §6. */
export type MicProblem =
  | 'mic_required'
  | 'mic_untrusted'
  | 'mic_expired'
  | 'mic_not_yet_valid'
  | 'mic_revoked'
  | 'mic_subject_invalid'
  | 'mic_purpose'
  | 'mic_weak';

/** A certificate of CallManager-trust. Self-signed ones whose role is MIC are roots; others only help to complete a chain. */
export interface TrustedCertificate {
  readonly certificate: Certificate;
  /** Of its DER. */
  readonly sha256: Uint8Array;
  readonly micRoot: boolean;
  /** Chains under this root may carry SHA-1 signatures. */
  readonly legacySha1: boolean;
  /** The administrator's dated exception: expired MICs under this root pass until then. Milliseconds since the epoch. */
  readonly expiredMicsUntil: number | undefined;
}

/** MICs never accepted, however well they chain. */
export interface MicDenyList {
  /** Lower-case hex of the certificate's serial number. */
  readonly serials: ReadonlySet<string>;
  /** Lower-case hex of SHA-256 over the SubjectPublicKeyInfo. */
  readonly keys: ReadonlySet<string>;
  /** 12 upper-case hex digits. */
  readonly macs: ReadonlySet<string>;
  /** What the manufacturers themselves revoked: MICs, and the certificates of their authorities. */
  readonly revoked: RevokedCertificates;
}

/** Signature arithmetic comes from outside. */
export interface SignatureCheck {
  /** True when `child`'s signature verifies under `issuer`'s key with the algorithm `child` names. */
  verifies(child: SignedByIssuer, issuer: Certificate): boolean;
}

/** Root included. */
export const longestPath = 5;
/** A peer may send many certificates with one name; nobody needs this many attempts. */
const mostSignatureChecks = 16;

/** Above a leaf: its issuers up to a root. Trust and time are kept apart. */
export interface IssuerPath {
  /** Leaf's issuer first, root last. */
  readonly issuers: readonly Certificate[];
  readonly root: TrustedCertificate;
}

export const selfIssued = (certificate: Certificate) => equalBytes(certificate.issuer, certificate.subject);

function mayIssue(issuer: Certificate, below: number): boolean {
  return (
    issuer.ca &&
    (issuer.keyUsage === undefined || issuer.keyUsage.keyCertSign) &&
    (issuer.pathLength === undefined || below <= issuer.pathLength) &&
    issuer.unknownCritical.length === 0
  );
}

function namesLink(child: Certificate, issuer: Certificate): boolean {
  return (
    equalBytes(child.issuer, issuer.subject) &&
    (child.authorityKeyId === undefined ||
      issuer.subjectKeyId === undefined ||
      child.authorityKeyId === issuer.subjectKeyId)
  );
}

/**
 * Finds a path from `leaf` to a root of `trusted`, by names, CA flags, path lengths, key usage and signatures (RFC 5280 §6.1 without policies).
 * `sent`: what the peer added, in any order. Undefined when there is none.
 */
export function findIssuerPath(
  leaf: Certificate,
  sent: readonly Certificate[],
  trusted: readonly TrustedCertificate[],
  check: SignatureCheck,
): IssuerPath | undefined {
  let checks = 0;
  const helpers = [...trusted.filter(({ certificate }) => !selfIssued(certificate)).map((t) => t.certificate), ...sent];

  const climb = (path: readonly Certificate[]): IssuerPath | undefined => {
    const top = path[path.length - 1]!;
    /** CA certificates below the candidate, self-issued ones not counted (RFC 5280 §4.2.1.9). */
    const below = path.slice(1).filter((certificate) => !selfIssued(certificate)).length;
    const links = (issuer: Certificate) =>
      namesLink(top, issuer) &&
      mayIssue(issuer, below) &&
      checks++ < mostSignatureChecks &&
      check.verifies(top, issuer);
    for (const root of trusted) {
      const { certificate } = root;
      if (root.micRoot && selfIssued(certificate) && links(certificate))
        return { issuers: [...path.slice(1), certificate], root };
    }
    // A root has to fit above whatever comes next.
    if (path.length + 2 > longestPath) return undefined;
    for (const helper of helpers) {
      if (selfIssued(helper) || path.some((known) => equalBytes(known.der, helper.der)) || !links(helper)) continue;
      const found = climb([...path, helper]);
      if (found) return found;
    }
    return undefined;
  };
  return climb([leaf]);
}

export function weakKey({ key }: Certificate): boolean {
  switch (key.kind) {
    case 'rsa':
      return key.bits < 2048 || key.bits > 8192 || !key.soundExponent;
    case 'ec':
      return key.curve === 'other';
    case 'other':
      return true;
  }
}

export function weakSignature({ signatureAlgorithm: { hash } }: SignedByIssuer, root: TrustedCertificate): boolean {
  return hash === 'other' || (hash === 'sha1' && !root.legacySha1);
}

const clientAuth = '1.3.6.1.5.5.7.3.2';

function unfitForClient(leaf: Certificate): boolean {
  return (
    leaf.ca ||
    (leaf.keyUsage !== undefined && !leaf.keyUsage.digitalSignature) ||
    (leaf.extendedKeyUsage !== undefined && !leaf.extendedKeyUsage.includes(clientAuth))
  );
}

export type TrustVerdict =
  | { readonly trusted: true; readonly subject: MicSubject }
  | { readonly trusted: false; readonly problem: MicProblem; readonly subject: MicSubject | undefined };

/** What is wrong with a leaf's trust, time left aside. `path` undefined: no root was reached. `keySha256`: hex, over the leaf's SPKI. */
export function judgeTrust(
  leaf: Certificate,
  path: IssuerPath | undefined,
  denied: MicDenyList,
  keySha256: string,
): TrustVerdict {
  const subject = readMicSubject(leaf.subjectAttributes);
  const no = (problem: MicProblem): TrustVerdict => ({ trusted: false, problem, subject });
  if (path === undefined || leaf.unknownCritical.length > 0) return no('mic_untrusted');
  const signed = [leaf, ...path.issuers.slice(0, -1)];
  if ([leaf, ...path.issuers].some(weakKey) || signed.some((each) => weakSignature(each, path.root)))
    return no('mic_weak');
  if (unfitForClient(leaf)) return no('mic_purpose');
  if (subject === undefined) return no('mic_subject_invalid');
  if (denied.serials.has(leaf.serialNumber) || denied.keys.has(keySha256) || denied.macs.has(subject.mac)) {
    return no('mic_revoked');
  }
  if ([leaf, ...path.issuers].some((each) => denied.revoked.has(each))) return no('mic_revoked');
  return { trusted: true, subject };
}

export type TimeVerdict = 'valid' | 'expired' | 'expired_excused' | 'not_yet_valid';

/** Every certificate of the path counts, the root too. `now` in milliseconds since the epoch. */
export function judgeTime(leaf: Certificate, path: IssuerPath, now: number): TimeVerdict {
  const all = [leaf, ...path.issuers];
  if (all.some(({ notBefore }) => now < notBefore)) return 'not_yet_valid';
  if (all.every(({ notAfter }) => now <= notAfter)) return 'valid';
  const until = path.root.expiredMicsUntil;
  return until !== undefined && now <= until ? 'expired_excused' : 'expired';
}
