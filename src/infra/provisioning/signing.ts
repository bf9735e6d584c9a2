import { createPrivateKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import type { FileSigner } from '../../domain/provisioning/ports.ts';
import { layOutSignedFile } from '../../protocol/trust-list/signed-file.ts';
import type { VerifySignature } from '../../protocol/trust-list/verify.ts';
import { signerOf } from './certificate-facts.ts';

/** `key`: the certificate's private key, RSA of 2048 bits, as PEM, PKCS#8 DER or KeyObject. Throws RangeError for any other key. */
export function rsaSigner(certificate: Uint8Array, key: string | Uint8Array | KeyObject): FileSigner {
  const privateKey =
    typeof key === 'string'
      ? createPrivateKey(key)
      : key instanceof Uint8Array
        ? createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
        : key;
  if (privateKey.asymmetricKeyType !== 'rsa' || privateKey.asymmetricKeyDetails?.modulusLength !== 2048) {
    throw new RangeError('files for phones are signed with an RSA key of 2048 bits');
  }
  return { certificate, sign: (bytes) => sign('sha512', bytes, privateKey) };
}

export const verifySignature: VerifySignature = (certificate, hash, signed, signature) => {
  try {
    const { publicKey } = new X509Certificate(certificate);
    return publicKey.asymmetricKeyType === 'rsa' && verify(hash, signed, publicKey, signature);
  } catch {
    return false;
  }
};

/**
 * The `.sgn` form of a plain file. PKCS#1 v1.5 has no randomness and the timestamp comes from the content's own version, so every node makes
 * the same octets.
 * @param fileName of the plain file
 * @param timestamp seconds since the epoch
 */
export function signFile(signer: FileSigner, fileName: string, timestamp: number, content: Uint8Array): Uint8Array {
  const laidOut = layOutSignedFile(
    { signer: signerOf(signer.certificate), hash: 'sha512', modulusBits: 2048, fileName: `${fileName}.sgn`, timestamp },
    content,
  );
  return laidOut.assemble(signer.sign(laidOut.toBeSigned));
}
