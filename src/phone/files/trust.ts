import { createHash, verify, X509Certificate } from 'node:crypto';
import { MalformedError } from '../../kernel/errors.ts';
import { decodeSignedFile } from '../../protocol/trust-list/signed-file.ts';
import { decodeTrustList } from '../../protocol/trust-list/trust-list.ts';
import { isSignedBy, type VerifySignature } from '../../protocol/trust-list/verify.ts';
import type { HeldTrustList } from '../boot/types.ts';

const verifySignature: VerifySignature = (certificate, hash, signed, signature) => {
  try {
    const key = new X509Certificate(certificate).publicKey;
    return key.asymmetricKeyType === 'rsa' && verify(hash, signed, key, signature);
  } catch {
    // A record that holds no certificate signs nothing.
    return false;
  }
};

/** The bytes are what they are, but nobody this phone trusts signed them. */
export class UntrustedFileError extends Error {}

/** Rightly signed, but from before what this phone has. */
export class OlderFileError extends Error {}

/**
 * Reads a trust list. With a list already held, the new one must be signed by a SAST certificate of the held one; on first use by one of its
 * own. A list that is not later than the held one is refused: it may hold a certificate that was taken out since. Throws MalformedError,
 * UntrustedFileError or OlderFileError.
 */
export function readTrustList(bytes: Uint8Array, held: HeldTrustList | undefined): HeldTrustList {
  const list = decodeTrustList(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (held?.sha256 === sha256) return held;
  if (!isSignedBy(list, held?.records ?? list.records, verifySignature)) {
    throw new UntrustedFileError(
      held === undefined
        ? 'The trust list is not signed by its own signer.'
        : 'The new trust list is not signed by a key this phone trusts; the old one stays.',
    );
  }
  if (held !== undefined && list.timestamp <= decodeTrustList(held.bytes).timestamp) {
    throw new OlderFileError('An older trust list than the one this phone has was offered; it is not taken.');
  }
  return { bytes, sha256, records: list.records };
}

/** The list with this hash, which the server has proved: who hands it over and who signed it is all one. Throws as readTrustList. */
export function readProvedTrustList(bytes: Uint8Array, proved: string): HeldTrustList {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== proved) throw new UntrustedFileError('The trust list is not the one the server proved.');
  return { bytes, sha256, records: decodeTrustList(bytes).records };
}

/** The content of a `.sgn` file, once its signature is verified against the trust list. Throws MalformedError or UntrustedFileError. */
export function openSigned(bytes: Uint8Array, trust: HeldTrustList, fileName: string): Uint8Array {
  const file = decodeSignedFile(bytes);
  if (file.fileName !== fileName) throw new MalformedError(`the signed file calls itself ${file.fileName}`);
  if (!isSignedBy(file, trust.records, verifySignature)) {
    throw new UntrustedFileError(`${fileName} is not signed by a key of the trust list.`);
  }
  return file.content;
}
