import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../data-directory/files.ts';
import { backdated } from '../pki/backdating.ts';
import { derToPem } from '../pki/identity.ts';

/** A self-signed certificate whose fingerprint the other side pins. */
export interface PinnedIdentity {
  readonly key: string;
  readonly cert: string;
  readonly der: Buffer;
  /** Of the DER; lower-case hex. */
  readonly sha256: string;
}

const year = 365.25 * 24 * 3600 * 1000;

/** Made at the first start and kept: the other side knows exactly this one. */
export async function openPinnedIdentity(
  directory: string,
  file: string,
  commonName: string,
  names: readonly string[] = [commonName],
): Promise<PinnedIdentity> {
  const path = join(directory, file);
  const kept = await readFile(path, 'utf8').catch(() => '');
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n?/.exec(kept) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(kept) ?? [];
  if (key !== undefined && cert !== undefined) return identity(key, cert);
  const { generateKey, issueCertificate } = await import('../pki/issue.ts');
  const pair = await generateKey('p-256');
  const der = await issueCertificate(
    {
      subject: [
        ['CN', commonName],
        ['O', 'Firstring edge'],
      ],
      publicKey: pair.publicKey,
      notBefore: backdated(),
      // Pinned by its fingerprint: its life ends when the pairing does.
      notAfter: new Date(Date.now() + 30 * year),
      usages: ['server', 'client'],
      alternativeNames: names,
    },
    { self: pair },
  );
  const made = { key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string, cert: derToPem(der) };
  await writeWhole(path, made.key + made.cert);
  return identity(made.key, made.cert);
}

function identity(key: string, cert: string): PinnedIdentity {
  const der = Buffer.from(new X509Certificate(cert).raw);
  return { key, cert, der, sha256: createHash('sha256').update(der).digest('hex') };
}

/** E signs assertions with it. Made at the first start and kept. */
export async function openAssertionKey(directory: string): Promise<{ readonly key: KeyObject; readonly raw: Buffer }> {
  const path = join(directory, 'assertion.key.pem');
  const kept = await readFile(path, 'utf8').catch(() => '');
  if (kept !== '') {
    const key = createPrivateKey(kept);
    return { key, raw: rawOf(createPublicKey(kept)) };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeWhole(path, privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
  return { key: privateKey, raw: rawOf(publicKey) };
}

function rawOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url');
}

/** `raw`: 32 octets. */
export function ed25519PublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') },
    format: 'jwk',
  });
}
