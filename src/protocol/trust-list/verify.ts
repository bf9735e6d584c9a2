import { equalBytes } from '../../kernel/bytes.ts';
import type { HashAlgorithm } from './header.ts';
import type { SignedFile } from './signed-file.ts';
import type { TrustList, TrustRecord } from './trust-list.ts';

/** RSA PKCS#1 v1.5 verification with the public key of a certificate (DER). */
export type VerifySignature = (
  certificate: Uint8Array,
  hash: HashAlgorithm,
  signed: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** The SAST record of `trusted` whose serial number and issuer the header names. */
export function findSigner(
  file: Pick<TrustList | SignedFile, 'signer'>,
  trusted: readonly TrustRecord[],
): TrustRecord | undefined {
  return trusted.find(
    (record) =>
      record.role === 'SAST' &&
      record.issuer === file.signer.issuer &&
      equalBytes(record.serialNumber, file.signer.serialNumber),
  );
}

/**
 * Whether the file is signed by a SAST record of `trusted`: the list's own records on first use, afterwards those of the list a phone already
 * holds. SHA-1 and SHA-256 are refused: ours are SHA-512 (spec/security.md).
 */
export function isSignedBy(
  file: TrustList | SignedFile,
  trusted: readonly TrustRecord[],
  verify: VerifySignature,
): boolean {
  if (file.hash !== 'sha512') return false;
  const signer = findSigner(file, trusted);
  return signer !== undefined && verify(signer.certificate, file.hash, file.signedBytes, file.signature);
}
