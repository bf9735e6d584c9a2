import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A fresh P-256 key (PKCS #8, DER) and the request for its certificate (PKCS #10, DER). The one who signs decides about the names. */
export async function makeCertificateRequest(
  commonName: string,
): Promise<{ readonly key: Uint8Array; readonly csr: Uint8Array }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: new x509.Name([{ CN: [commonName] }]),
    keys: keys as never,
    signingAlgorithm: algorithm,
  });
  return {
    key: new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
    csr: new Uint8Array(request.rawData),
  };
}
