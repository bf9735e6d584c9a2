import { constants, createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { Certificate, SignedByIssuer } from '../../domain/trust/certificate.ts';
import type { SignatureCheck } from '../../domain/trust/mic-path.ts';
import { fingerprintLength, type RevokedCertificates, revokedBy } from '../../domain/trust/revoked.ts';

/** Throws when the certificate's key is none that OpenSSL takes. */
export function publicKeyOf(certificate: Certificate): KeyObject {
  return createPublicKey({ key: Buffer.from(certificate.spki), format: 'der', type: 'spki' });
}

/** Whether `key` made the signature on a certificate or revocation list. Never throws. */
export function signatureVerifies(child: SignedByIssuer, key: KeyObject): boolean {
  const { kind, hash: algorithm } = child.signatureAlgorithm;
  if (kind === 'other' || algorithm === 'other') return false;
  const expected = kind === 'ecdsa' ? 'ec' : kind === 'rsa' ? 'rsa' : key.asymmetricKeyType;
  if (key.asymmetricKeyType !== expected) return false;
  const options =
    kind === 'rsa-pss'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
      : { key };
  try {
    return verify(algorithm, child.tbs, options, child.signature);
  } catch {
    return false;
  }
}

/** On node:crypto. `keyOf`: where keys are kept that are asked for often. */
export function signatureCheck(keyOf: (certificate: Certificate) => KeyObject = publicKeyOf): SignatureCheck {
  return {
    verifies(child, issuer) {
      try {
        return signatureVerifies(child, keyOf(issuer));
      } catch {
        return false;
      }
    },
  };
}

/** What stands for a certificate in a packed list. */
export function revocationFingerprint(name: Uint8Array): Uint8Array {
  return hash('sha256', name, 'buffer').subarray(0, fingerprintLength);
}

/** Of lists as packFingerprints makes them. */
export function revokedIn(lists: readonly Uint8Array[]): RevokedCertificates {
  return revokedBy(lists, revocationFingerprint);
}
