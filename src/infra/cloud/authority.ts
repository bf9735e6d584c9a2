import 'reflect-metadata';
import { createPublicKey, hash, type KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { csrNotAccepted } from '../../domain/cloud/cloud-fault.ts';
import type { TenantAuthority } from '../../domain/cloud/enrolment.ts';
import { derChildren, derExpect, derTag, readDer } from '../../kernel/der.ts';
import { backdated } from '../pki/backdating.ts';
import { derToPem } from '../pki/identity.ts';
import { generateKey, type Issuer, issueCertificate } from '../pki/issue.ts';

x509.cryptoProvider.set(webcrypto as never);

const day = 24 * 3600 * 1000;
/** A cluster renews its certificate when a third of this is left. */
const clientLife = 365 * day;
const serverLife = 397 * day;

/** Issues clusters' client certificates. What a request says of names and extensions is not taken over: the subject is the cluster's id. */
export function tenantAuthority(issuer: Issuer): TenantAuthority {
  return {
    async read(csr) {
      const { spki, key } = readKey(csr);
      refuseWeak(key);
      // The key is known to be of a bearable size now: the signature may be computed.
      const valid = await new x509.Pkcs10CertificateRequest(new Uint8Array(csr)).verify().catch(() => false);
      if (!valid) throw csrNotAccepted('its signature is not by its own key');
      return { spki, keySha256: hash('sha256', spki, 'buffer') };
    },

    async issue(clusterId, { spki }) {
      const notAfter = new Date(Math.floor((Date.now() + clientLife) / 1000) * 1000);
      const der = await issueCertificate(
        {
          subject: [
            ['CN', clusterId],
            ['OU', 'cluster'],
            ['O', 'Firstring cloud'],
          ],
          publicKey: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
          notBefore: backdated(),
          notAfter,
          usages: ['client'],
        },
        issuer,
      );
      return { der, sha256: hash('sha256', der, 'buffer'), notAfter };
    },
  };
}

/** RFC 2986 §4: CertificationRequestInfo is version, subject, subjectPKInfo, attributes. */
function readKey(csr: Uint8Array): { spki: Uint8Array; key: KeyObject } {
  try {
    const [info] = derChildren(readDer(csr, derTag.sequence));
    const [, , spkiElement] = derChildren(derExpect(info, derTag.sequence));
    const spki = derExpect(spkiElement, derTag.sequence).encoded;
    return { spki, key: createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }) };
  } catch {
    throw csrNotAccepted('it is not a PKCS #10 request');
  }
}

function refuseWeak(key: KeyObject): void {
  const details = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') {
    const { modulusLength = 0, publicExponent = 0n } = details;
    if (modulusLength < 2048) throw csrNotAccepted(`an RSA key of ${modulusLength} bits is too weak`);
    if (modulusLength > 4096) throw csrNotAccepted(`an RSA key of ${modulusLength} bits is too long`);
    if (publicExponent < 65_537n || publicExponent >= 2n ** 32n || publicExponent % 2n === 0n) {
      throw csrNotAccepted('the exponent of its RSA key is not sound');
    }
    return;
  }
  const curves = ['prime256v1', 'secp384r1'];
  if (key.asymmetricKeyType !== 'ec' || !curves.includes(details.namedCurve ?? '')) {
    throw csrNotAccepted('its key is neither ECDSA on P-256 or P-384 nor RSA');
  }
}

export interface ServerCertificate {
  /** PEM; the authority behind the certificate, so that a client with only a voucher's pin finds it. */
  readonly cert: string;
  readonly key: string;
  readonly notAfter: Date;
}

/** A server certificate for these names and addresses. It lives only in memory: each start makes one. */
export async function serverCertificate(issuer: Issuer, names: readonly string[]): Promise<ServerCertificate> {
  const key = await generateKey('p-256');
  const notAfter = new Date(Date.now() + serverLife);
  const certificate = await issueCertificate(
    {
      subject: [
        ['CN', names[0]!.slice(0, 64)],
        ['O', 'Firstring cloud'],
      ],
      publicKey: key.publicKey,
      notBefore: backdated(),
      notAfter,
      usages: ['server'],
      alternativeNames: names,
    },
    issuer,
  );
  return {
    cert: derToPem(certificate) + derToPem(issuer.certificate),
    key: key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    notAfter,
  };
}
